/* The editor of ladders: every change is kept at once, steps can be dragged, and what happened is said. */
(function () {
  "use strict";

  var DAY = 1;
  var MOST_UNMOVED = 4;

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  /* After an answer: the revision for the next save, what is wrong beside its field, what is said, where the focus goes. */
  document.addEventListener("ladder-said", function (event) {
    var about = event.detail;
    each("[data-revision]", function (field) {
      field.value = about.revision;
    });
    var heading = document.querySelector("main h1");
    if (heading && about.title) {
      heading.textContent = about.title;
    }
    if (about.errors) {
      showErrors(about.errors);
    }
    if (about.say) {
      say(about.say);
    }
    if (about.focus) {
      focusOn(about.focus);
    }
  });

  function say(text) {
    var place = document.getElementById("announce");
    if (place) {
      place.textContent = "";
      window.setTimeout(function () {
        place.textContent = text;
      }, 30);
    }
  }

  function focusOn(selector) {
    var target = document.querySelector(selector);
    if (target) {
      openAround(target);
      target.focus();
      if (target.offsetHeight > window.innerHeight) {
        target.scrollIntoView();
      }
    }
  }

  /* What is folded cannot take the focus. */
  function openAround(target) {
    for (var fold = target.closest("details"); fold; fold = fold.parentNode.closest("details")) {
      fold.open = true;
    }
  }

  function showErrors(errors) {
    each("[data-error]", function (place) {
      var text = errors[place.dataset.error] || "";
      place.querySelector("span").textContent = text;
      place.hidden = !text;
      each('[name="' + place.dataset.error + '"]', function (field) {
        if (text) {
          field.setAttribute("aria-invalid", "true");
        } else {
          field.removeAttribute("aria-invalid");
        }
      });
    });
  }

  /* htmx sends the button that has the focus along: who tabs on to a button has not pressed it. */
  document.addEventListener("htmx:configRequest", function (event) {
    var asked = event.detail;
    var cause = asked.triggeringEvent;
    if (asked.elt.hasAttribute("data-step-form") && cause && cause.type === "change") {
      delete asked.parameters.knop;
    }
  });

  /* What belongs to a choice shows only when it is chosen. */
  function showChoices(root) {
    each("[data-choice]", function (choice) {
      choice.classList.toggle("choice--on", choice.querySelector("input").checked);
    }, root);
  }

  document.addEventListener("change", function (event) {
    var choice = event.target.closest("[data-choice]");
    if (choice) {
      showChoices(choice.parentNode);
    }
  });

  /* Who fills in a choice means that choice. */
  document.addEventListener("input", function (event) {
    var more = event.target.closest(".choice__more");
    var radio = more && more.parentNode.querySelector("input[type=radio]");
    if (radio) {
      radio.checked = true;
    }
  });

  /* A button that cannot do anything stays reachable, and does nothing. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[aria-disabled=true]");
    if (button) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox" && event.target.type !== "radio";
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) {
      return;
    }
    var key = event.key.toLowerCase();
    var id = key === "z" && !event.shiftKey ? "undo" : key === "y" || (key === "z" && event.shiftKey) ? "redo" : "";
    var button = id && document.getElementById(id);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  /* The arrow keys on the title of a step: left and right another day, with Alt up and down another place. */
  document.addEventListener("keydown", function (event) {
    var link = event.target.closest && event.target.closest(".rung__link");
    var name = { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
    if (event.altKey) {
      name = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    }
    if (!link || !name || event.ctrlKey || event.metaKey) {
      return;
    }
    var key = link.id.replace("open-", "");
    var button = document.getElementById(name + "-" + key);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  function carry(key, values) {
    var form = document.getElementById("carry");
    var address = form.dataset.action.replace("/_/", "/" + encodeURIComponent(key) + "/");
    form.setAttribute("hx-post", address);
    form.action = address;
    ["do", "day", "before", "stage"].forEach(function (name) {
      form.elements[name].value = values[name] || "";
    });
    if (!window.htmx) {
      form.submit();
      return;
    }
    window.htmx.process(form);
    form.requestSubmit();
  }

  /* Drag the bar of a step along the days. */
  document.addEventListener("pointerdown", function (event) {
    var track = event.target.closest("svg[data-moves]");
    if (!track || event.button > 0) {
      return;
    }
    event.preventDefault();
    var bar = track.querySelector("rect");
    var axis = Number(track.dataset.axis);
    var start = Number(bar.getAttribute("x"));
    var from = event.clientX;
    var day = start;
    var label = document.querySelector('[data-day="' + track.dataset.track + '"] strong');
    track.setPointerCapture(event.pointerId);
    track.classList.add("track--dragged");

    function move(moved) {
      var days = Math.round(((moved.clientX - from) / track.getBoundingClientRect().width) * axis) * DAY;
      day = Math.max(0, Math.min(axis, start + days));
      bar.setAttribute("x", String(day));
      if (label) {
        label.textContent = String(day);
      }
    }

    function end(ended) {
      track.removeEventListener("pointermove", move);
      track.removeEventListener("pointerup", end);
      track.removeEventListener("pointercancel", end);
      track.classList.remove("track--dragged");
      if (ended.type === "pointerup" && day !== start) {
        carry(track.dataset.track, { do: "day", day: String(day) });
      } else {
        bar.setAttribute("x", String(start));
        if (label) {
          label.textContent = String(start);
        }
      }
    }

    track.addEventListener("pointermove", move);
    track.addEventListener("pointerup", end);
    track.addEventListener("pointercancel", end);
  });

  /* Drag a step by its grip to another place or stage. */
  document.addEventListener("pointerdown", function (event) {
    var grip = event.target.closest("[data-grip]");
    if (!grip || event.button > 0 || !document.getElementById("carry")) {
      return;
    }
    event.preventDefault();
    var rung = grip.closest(".rung");
    var from = event.clientY;
    var goal = null;
    grip.setPointerCapture(event.pointerId);

    function clear() {
      each(".rung--goal, .lane--goal", function (marked) {
        marked.classList.remove("rung--goal", "lane--goal");
      });
    }

    function move(moved) {
      if (Math.abs(moved.clientY - from) < MOST_UNMOVED) {
        return;
      }
      rung.classList.add("rung--dragged");
      clear();
      goal = goalAt(moved.clientY, rung);
      if (goal && goal.rung) {
        goal.rung.classList.add("rung--goal");
      } else if (goal) {
        goal.lane.classList.add("lane--goal");
      }
    }

    function end(ended) {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", end);
      grip.removeEventListener("pointercancel", end);
      rung.classList.remove("rung--dragged");
      clear();
      if (ended.type === "pointerup" && goal) {
        carry(grip.dataset.grip, {
          do: "place",
          stage: goal.lane.dataset.stage,
          before: goal.rung ? goal.rung.dataset.step : ""
        });
      }
    }

    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", end);
    grip.addEventListener("pointercancel", end);
  });

  function goalAt(y, dragged) {
    var found = null;
    each(".lane", function (lane) {
      var box = lane.getBoundingClientRect();
      if (y < box.top || y > box.bottom) {
        return;
      }
      found = { lane: lane, rung: null };
      each("[data-step]", function (rung) {
        var place = rung.getBoundingClientRect();
        if (!found.rung && rung !== dragged && y < place.top + place.height / 2) {
          found.rung = rung;
        }
      }, lane);
    });
    return found;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.documentElement.classList.add("with-script");
    showChoices(document);
  });
  document.addEventListener("htmx:load", function () {
    showChoices(document);
  });
})();
