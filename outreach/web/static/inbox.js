/* Keys for the list and the conversation, the verdict while typing, and inserting without a trip to the server. */
(function () {
  "use strict";

  var WAIT = 400;
  var list = document.querySelector("[data-inbox-list]");
  var conversation = document.querySelector("[data-conversation]");
  var help = document.getElementById("keys-help");
  var keysOn = document.querySelector("[data-keys]") !== null;

  function links() {
    return list ? Array.from(list.querySelectorAll("li a")) : [];
  }

  function move(step) {
    var all = links();
    var here = all.indexOf(document.activeElement);
    var current = all.findIndex(function (link) {
      return link.hasAttribute("aria-current");
    });
    if (conversation) {
      var next = all[current + step];
      if (next) {
        window.location.assign(next.href);
      }
      return;
    }
    var target = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    if (target) {
      target.focus();
      target.scrollIntoView({ block: "nearest" });
    }
  }

  function press(selector) {
    var form = document.querySelector(selector);
    if (form) {
      form.requestSubmit(form.querySelector("button"));
    }
  }

  function unfold(id) {
    var details = document.getElementById(id);
    if (details) {
      details.open = true;
      details.scrollIntoView({ block: "center" });
      details.querySelector("button, select").focus();
    }
  }

  function take() {
    if (document.querySelector("form[data-take]")) {
      press("form[data-take]");
    } else {
      unfold("geef");
    }
  }

  function handled() {
    if (document.querySelector("form[data-handle=note]")) {
      focusOn("handled-note");
    } else {
      press("form[data-handle]");
    }
  }

  function back() {
    if (conversation) {
      window.location.assign(conversation.dataset.back);
    }
  }

  function focusOn(id) {
    var control = document.getElementById(id);
    if (control) {
      control.focus();
      control.scrollIntoView({ block: "center" });
    }
  }

  function search() {
    if (document.getElementById("inbox-search")) {
      focusOn("inbox-search");
    } else {
      back();
    }
  }

  function showHelp() {
    if (help && help.showModal && !help.open) {
      help.showModal();
    }
  }

  var KEYS = {
    j: function () { move(1); },
    k: function () { move(-1); },
    r: function () { focusOn("answer-text"); },
    e: handled,
    s: function () { unfold("slaap"); },
    a: take,
    "/": search,
    "?": showHelp,
    Escape: back,
  };

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener(
    "keydown",
    function (event) {
      var act = KEYS[event.key];
      var held = event.ctrlKey || event.metaKey || event.altKey;
      if (!keysOn || !act || held || event.repeat || (help && help.open)) {
        return;
      }
      if (isTyping(event.target)) {
        if (event.key === "Escape") {
          event.target.blur();
        }
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true
  );

  document.querySelectorAll("[data-help]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  });

  function arrive() {
    var marked = document.querySelector(".thread__line--now");
    if (conversation && marked && !window.location.hash) {
      marked.scrollIntoView({ block: "nearest" });
    }
  }

  arrive();

  var form = document.querySelector("form[data-answer]");
  if (!form) {
    return;
  }
  var box = form.elements.text;
  var way = form.elements.way;
  var verdict = document.getElementById("answer-verdict");
  var timer = null;
  var asked = 0;

  function look() {
    var number = ++asked;
    if (!box.value.trim()) {
      verdict.textContent = "";
      return;
    }
    fetch(form.dataset.look, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify({
        text: box.value,
        channel: way.selectedOptions[0].dataset.channel,
        language: form.elements.language.value,
      }),
    })
      .then(function (answer) {
        return answer.ok ? answer.json() : null;
      })
      .then(function (found) {
        if (found && number === asked) {
          verdict.innerHTML = found.html;
        }
      })
      .catch(function () {
        verdict.textContent = "";
      });
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, WAIT);
  }

  function insert(text) {
    box.value = box.value.trim() ? box.value.trimEnd() + "\n\n" + text : text;
    box.focus();
    later();
  }

  box.addEventListener("input", later);
  way.addEventListener("change", later);
  form.elements.language.addEventListener("change", later);
  form.querySelectorAll("[data-hides]").forEach(function (button) {
    button.hidden = true;
  });
  form.querySelectorAll("[data-insert]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      insert(button.dataset.insert);
    });
  });
  form.querySelectorAll("[data-insert-saved]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      var chosen = form.elements.saved.selectedOptions[0];
      event.preventDefault();
      if (chosen && chosen.dataset.text) {
        insert(chosen.dataset.text);
      }
    });
  });
  if (box.value.trim()) {
    later();
  }
})();
