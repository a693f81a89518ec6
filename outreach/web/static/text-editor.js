/* The editor of texts: the verdict while typing, marks below the words, alternatives in one click. */
(function () {
  "use strict";

  var WAIT = 200;
  var SAY_AFTER = 1200;

  function ready() {
    var form = document.getElementById("text-form");
    var body = document.getElementById("body");
    if (!form || !body) {
      return;
    }
    var subject = document.getElementById("subject");
    var marksBox = document.getElementById("marks");
    var side = document.getElementById("side");
    var right = side.closest(".writing__right");
    var preview = document.getElementById("preview");
    var said = document.getElementById("said");
    var state = { seq: 0, shown: 0, size: "typical", tenant: null, marks: [], opened: form.dataset.opened, text: body.value };
    var waiting = null;
    var saying = null;

    document.querySelectorAll("[data-needs-script]").forEach(function (part) {
      part.hidden = false;
    });
    document.querySelectorAll("[data-hides]").forEach(function (part) {
      part.hidden = true;
    });

    function grow() {
      body.style.height = "auto";
      body.style.height = body.scrollHeight + 2 + "px";
    }

    function paint() {
      var text = body.value;
      var edges = [0, text.length];
      state.marks.forEach(function (mark) {
        edges.push(Math.min(mark.start, text.length), Math.min(mark.end, text.length));
      });
      edges = edges
        .filter(function (edge, place) {
          return edges.indexOf(edge) === place;
        })
        .sort(function (one, other) {
          return one - other;
        });
      marksBox.textContent = "";
      for (var at = 0; at + 1 < edges.length; at += 1) {
        var piece = text.slice(edges[at], edges[at + 1]);
        var worst = worstAt(edges[at]);
        if (worst) {
          var mark = document.createElement("mark");
          mark.className = "under under--" + worst;
          mark.textContent = piece;
          marksBox.appendChild(mark);
        } else {
          marksBox.appendChild(document.createTextNode(piece));
        }
      }
      marksBox.appendChild(document.createTextNode("\n"));
    }

    function worstAt(place) {
      var found = "";
      state.marks.forEach(function (mark) {
        if (mark.start <= place && place < mark.end && mark.severity !== "info" && found !== "stop") {
          found = mark.severity;
        }
      });
      return found;
    }

    function look() {
      state.seq += 1;
      var asked = {
        seq: state.seq,
        name: form.dataset.name,
        channel: form.dataset.channel,
        language: form.dataset.language,
        purpose: form.dataset.purpose,
        subject: subject ? subject.value : "",
        body: body.value,
        size: state.size,
        tenant: state.tenant,
        opened: state.opened === "" ? null : Number(state.opened)
      };
      fetch(form.dataset.look, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify(asked)
      })
        .then(function (answer) {
          if (!answer.ok) {
            throw new Error(answer.status);
          }
          return answer.json();
        })
        .then(function (answer) {
          if (answer.seq < state.shown || answer.seq !== state.seq) {
            return;
          }
          state.shown = answer.seq;
          state.marks = answer.marks;
          if (state.opened === "" && answer.score !== null && body.value.trim()) {
            state.opened = String(answer.score);
          }
          side.innerHTML = answer.side;
          preview.innerHTML = answer.preview;
          paint();
          window.clearTimeout(saying);
          saying = window.setTimeout(function () {
            said.textContent = answer.say;
          }, SAY_AFTER);
        })
        .catch(function () {
          if (asked.seq === state.seq) {
            unjudged();
          }
        });
    }

    /* Without an answer an old verdict would mislead. */
    function unjudged() {
      side.textContent = form.dataset.unjudged;
      said.textContent = form.dataset.unjudged;
    }

    function soon() {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(look, WAIT);
    }

    function typed() {
      grow();
      follow(state.text, body.value);
      paint();
      soon();
    }

    /* Until the answer comes the marks move with the text; those in what was changed go. */
    function follow(old, now) {
      var shortest = Math.min(old.length, now.length);
      var head = 0;
      var tail = 0;
      while (head < shortest && old[head] === now[head]) {
        head += 1;
      }
      while (tail < shortest - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) {
        tail += 1;
      }
      state.marks = state.marks
        .filter(function (mark) {
          return mark.end <= head || mark.start >= old.length - tail;
        })
        .map(function (mark) {
          var moved = mark.end <= head ? 0 : now.length - old.length;
          return { severity: mark.severity, start: mark.start + moved, end: mark.end + moved };
        });
      state.text = now;
    }

    function remarks() {
      return Array.prototype.slice.call(side.querySelectorAll(".remark[data-start]"));
    }

    function chars(text, units) {
      return Array.from(text.slice(0, units)).length;
    }

    function units(place) {
      return Array.from(body.value).slice(0, place).join("").length;
    }

    /* Where the words of a remark stand now: the text may be newer than the remark. Null when they are gone. */
    function span(remark) {
      var words = remark.dataset.words;
      var start = units(Number(remark.dataset.start));
      if (body.value.slice(start, start + words.length) !== words) {
        var after = body.value.indexOf(words, start);
        var before = body.value.lastIndexOf(words, start);
        if (after < 0 && before < 0) {
          return null;
        }
        start = after < 0 || (before >= 0 && start - before < after - start) ? before : after;
      }
      return { start: start, end: start + words.length };
    }

    function select(remark) {
      var place = span(remark);
      if (!place) {
        return;
      }
      body.focus({ preventScroll: true });
      body.setSelectionRange(place.start, place.end);
      remarks().forEach(function (other) {
        other.classList.toggle("remark--current", other === remark);
      });
      remark.scrollIntoView({ block: "nearest" });
    }

    function swap(button) {
      if (body.readOnly) {
        return;
      }
      var place = span(button.closest(".remark"));
      if (!place) {
        return;
      }
      body.focus({ preventScroll: true });
      body.setSelectionRange(place.start, place.end);
      if (!document.execCommand("insertText", false, button.dataset.swap)) {
        body.setRangeText(button.dataset.swap, place.start, place.end, "end");
      }
      typed();
    }

    side.addEventListener("click", function (event) {
      var words = event.target.closest("[data-select]");
      var button = event.target.closest("[data-swap]");
      if (button) {
        event.preventDefault();
        swap(button);
      } else if (words) {
        select(words.closest(".remark"));
      }
    });

    document.addEventListener("keydown", function (event) {
      if (event.key === "F8") {
        event.preventDefault();
        go(event.shiftKey);
      }
    });

    document.querySelectorAll("[data-go]").forEach(function (button) {
      button.addEventListener("click", function () {
        go(button.dataset.go === "back");
      });
    });

    function go(back) {
      var stopsOnly = right.classList.contains("only-stops");
      var all = remarks().filter(function (remark) {
        return remark.querySelector("[data-select]") && (!stopsOnly || remark.classList.contains("remark--stop"));
      });
      if (!all.length) {
        return;
      }
      var caret = chars(body.value, body.selectionStart);
      var current = all.indexOf(side.querySelector(".remark--current"));
      if (current >= 0) {
        /* Step in the order of the list: marks lie inside each other. */
        say(all[(current + (back ? all.length - 1 : 1)) % all.length]);
        return;
      }
      var next = back
        ? all.filter(function (remark) {
            return Number(remark.dataset.start) < caret;
          }).pop() || all[all.length - 1]
        : all.filter(function (remark) {
            return Number(remark.dataset.start) >= caret;
          })[0] || all[0];
      say(next);
    }

    function say(remark) {
      select(remark);
      said.textContent = remark.innerText.replace(/\s+/g, " ");
    }

    var onlyStops = document.getElementById("only-stops");
    if (onlyStops) {
      onlyStops.addEventListener("change", function () {
        right.classList.toggle("only-stops", onlyStops.checked);
      });
    }
    var unfold = document.getElementById("unfold");
    if (unfold && window.matchMedia("(max-width: 40rem)").matches) {
      right.classList.add("folded");
      unfold.addEventListener("click", function () {
        right.classList.remove("folded");
        unfold.hidden = true;
      });
    } else if (unfold) {
      unfold.hidden = true;
    }

    /* From the text to what can stand in the place of the words: Alt and the arrow down, back with Escape. */
    body.addEventListener("keydown", function (event) {
      if (event.altKey && event.key === "ArrowDown") {
        var first =
          side.querySelector(".remark--current button.swap") ||
          side.querySelector(".remark--current [data-select]") ||
          side.querySelector("button.swap, [data-select]");
        if (first) {
          event.preventDefault();
          first.focus();
        }
      }
    });
    side.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        body.focus();
      }
    });

    var insert = document.getElementById("insert");
    if (insert) {
      insert.addEventListener("change", function () {
        if (!insert.value) {
          return;
        }
        body.focus();
        if (!document.execCommand("insertText", false, "{" + insert.value + "}")) {
          body.setRangeText("{" + insert.value + "}", body.selectionStart, body.selectionEnd, "end");
        }
        insert.value = "";
        typed();
      });
    }

    document.querySelectorAll("[data-size]").forEach(function (pill) {
      pill.addEventListener("click", function () {
        state.size = pill.dataset.size;
        state.tenant = null;
        document.querySelectorAll("[data-size]").forEach(function (other) {
          other.setAttribute("aria-pressed", String(other === pill));
        });
        look();
      });
    });

    var tenant = document.getElementById("tenant");
    var list = document.getElementById("tenants");
    var finding = null;
    if (tenant) {
      tenant.addEventListener("input", function () {
        window.clearTimeout(finding);
        finding = window.setTimeout(function () {
          fetch(tenant.dataset.find + "?q=" + encodeURIComponent(tenant.value))
            .then(function (answer) {
              return answer.ok ? answer.text() : "";
            })
            .then(function (html) {
              list.innerHTML = html;
            });
        }, 350);
      });
      tenant.addEventListener("keydown", function (event) {
        if (event.key === "Enter") {
          event.preventDefault();
        }
      });
      list.addEventListener("click", function (event) {
        var chosen = event.target.closest("[data-tenant]");
        if (chosen) {
          state.tenant = Number(chosen.dataset.tenant);
          document.querySelectorAll("[data-size]").forEach(function (other) {
            other.setAttribute("aria-pressed", "false");
          });
          tenant.value = chosen.textContent;
          list.textContent = "";
          look();
        }
      });
    }

    /* Who leaves with words that were not kept is asked. */
    var kept = body.value;
    form.addEventListener("submit", function () {
      kept = null;
    });
    window.addEventListener("beforeunload", function (event) {
      if (form.dataset.keeps && kept !== null && body.value !== kept) {
        event.preventDefault();
      }
    });

    if (!body.readOnly) {
      body.addEventListener("input", typed);
      if (subject) {
        subject.addEventListener("input", soon);
      }
    }
    grow();
    look();
  }

  document.addEventListener("DOMContentLoaded", ready);
})();
