// Copy a link with one press; without a clipboard the button stays away and the link can be selected.
(function () {
  "use strict";

  function copies(button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const words = document.getElementById(button.dataset.copies).textContent;
      navigator.clipboard.writeText(words).then(function () {
        button.querySelector("span").textContent = button.dataset.done;
      });
    });
  }

  if (navigator.clipboard) {
    document.querySelectorAll("[data-copies]").forEach(copies);
  }
}());
