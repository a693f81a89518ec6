/* Small comforts; every page works without them. */
(function () {
  "use strict";

  function onReady(root) {
    root.querySelectorAll("form[data-auto-submit]").forEach(function (form) {
      form.querySelectorAll("select, input[type=date]").forEach(function (control) {
        control.addEventListener("change", function () {
          form.requestSubmit();
        });
      });
      form.classList.add("filters--auto");
    });
    root.querySelectorAll("details.action[open]").forEach(function (action) {
      var wrong = action.querySelector("[aria-invalid=true], [role=alert]");
      if (wrong && wrong.focus) {
        wrong.focus();
      }
    });
  }

  function openTarget() {
    var id = window.location.hash.slice(1);
    var target = id && document.getElementById(id);
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView({ block: "center" });
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    onReady(document);
    openTarget();
  });
  window.addEventListener("hashchange", openTarget);

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.user-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });

  document.addEventListener("submit", function (event) {
    var button = event.target.querySelector("button:not([type=button])");
    if (event.target.method === "post" && button) {
      window.setTimeout(function () {
        button.disabled = true;
      }, 0);
      window.addEventListener("pageshow", function () {
        button.disabled = false;
      });
    }
  });

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    var search = document.getElementById("quick-search");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
    }
  });
})();
