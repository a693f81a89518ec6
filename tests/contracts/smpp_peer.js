// An SMPP server on loopback for the tests, on npm's smpp: it takes messages, refuses, falls silent or hangs up as told,
// and delivers receipts and messages of tenants until they are answered. Commands and answers are lines of JSON.
"use strict";

const fs = require("fs");
const readline = require("readline");
const smpp = require("smpp");

const options = process.env.SMPP_KEY
  ? { key: fs.readFileSync(process.env.SMPP_KEY), cert: fs.readFileSync(process.env.SMPP_CERT), secure: true }
  : {};
const PASSWORD = process.env.SMPP_PASSWORD || "goed";
const peer = { kept: [], answers: [], deliveries: [], responses: [], binds: 0, bindStatus: 0, links: 0, quiet: false };
const sessions = new Set();

function text(short) {
  return short && short.message !== undefined ? short.message : short;
}

function udh(short) {
  return short && short.udh ? short.udh.map((each) => Buffer.from(each).toString("hex")).join("") : "";
}

function keep(pdu) {
  const id = `m${peer.kept.length + 1}`;
  peer.kept.push({
    id,
    to: pdu.destination_addr,
    to_ton: pdu.dest_addr_ton,
    from: pdu.source_addr,
    from_ton: pdu.source_addr_ton,
    coding: pdu.data_coding,
    receipt: pdu.registered_delivery,
    reference: pdu.user_message_reference,
    text: text(pdu.short_message),
    udh: udh(pdu.short_message),
  });
  return id;
}

function submitted(session, pdu) {
  const answer = peer.answers.length ? peer.answers.shift() : 0;
  if (answer === "hang_up") return session.destroy();
  if (typeof answer === "number" && answer !== 0) return session.send(pdu.response({ command_status: answer }));
  const id = keep(pdu);
  if (answer === "take_and_hang_up") return session.destroy();
  if (answer === "silent") return undefined;
  if (answer === "late") return setTimeout(() => session.send(pdu.response({ message_id: id })), 700);
  return session.send(pdu.response({ message_id: id }));
}

function deliver(session, delivery) {
  const fields = { ...delivery.fields };
  fields.short_message = Buffer.from(delivery.hex, "hex");
  session.deliver_sm(fields, (pdu) => {
    peer.responses.push(pdu.command_status);
    if (pdu.command_status === 0) peer.deliveries = peer.deliveries.filter((each) => each !== delivery);
  });
}

function bound(session) {
  return (pdu) => {
    peer.binds += 1;
    if (peer.bindStatus || pdu.password !== PASSWORD) {
      session.send(pdu.response({ command_status: peer.bindStatus || smpp.ESME_RINVPASWD }));
      return session.close();
    }
    session.send(pdu.response({ system_id: "peer" }));
    sessions.add(session);
    return peer.deliveries.forEach((each) => deliver(session, each));
  };
}

const server = smpp.createServer(options, (session) => {
  session.on("error", () => {});
  session.on("close", () => sessions.delete(session));
  session.on("bind_transceiver", bound(session));
  session.on("submit_sm", (pdu) => submitted(session, pdu));
  session.on("enquire_link", (pdu) => {
    peer.links += 1;
    if (!peer.quiet) session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
});

function add(delivery) {
  peer.deliveries.push(delivery);
  const [first] = sessions;
  if (first) deliver(first, delivery);
}

const commands = {
  set: ({ fields }) => Object.assign(peer, fields),
  look: () => peer,
  deliver: ({ deliveries }) => deliveries.forEach(add),
  hang_up: () => sessions.forEach((each) => each.destroy()),
  unbind: () => sessions.forEach((each) => each.unbind()),
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  const answer = commands[command.do](command);
  process.stdout.write(`${JSON.stringify(command.do === "look" ? answer : {})}\n`);
}).on("close", () => process.exit(0));

server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
