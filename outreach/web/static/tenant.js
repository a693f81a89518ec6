// The tenant's page is complete without this script: it adds the slider and reading aloud. Written for old phones.
(function () {
  "use strict";

  function byId(id) { return document.getElementById(id); }

  function slider() {
    var box = byId("schuif"), list = byId("lijst");
    if (!box || !list || !window.JSON) { return; }
    if (list.querySelector("[aria-invalid]")) { return; }
    var means = JSON.parse(box.getAttribute("data-means"));
    var range = byId("bedrag"), told = byId("uitleg"), chosen = byId("gekozen"), other = byId("other");
    var wanted = parseInt(chosen.value || box.getAttribute("data-first"), 10), at = 0, index;
    for (index = 0; index < means.length; index += 1) {
      if (means[index][0] <= wanted) { at = index; }
    }
    function tell() {
      var now = means[parseInt(range.value, 10)];
      chosen.value = now[0];
      told.textContent = now[1];
      range.setAttribute("aria-valuetext", now[1]);
    }
    range.value = at;
    chosen.disabled = false;
    list.disabled = true;
    list.hidden = true;
    box.hidden = false;
    function slid() {
      other.value = "";
      tell();
    }
    range.addEventListener("input", slid);
    range.addEventListener("change", slid);
    tell();
  }

  function sentences() {
    var found = [], parts = byId("tekst").querySelectorAll("h1, h2, h3, p, legend, label, li, output"), index, part;
    for (index = 0; index < parts.length; index += 1) {
      part = parts[index];
      if (part.offsetParent !== null && !part.querySelector("p, li, label")) {
        found.push(part.textContent.replace(/\s+/g, " ").replace(/^\s+|\s+$/g, ""));
      }
    }
    return found;
  }

  function reading() {
    var button = byId("lees"), speech = window.speechSynthesis, language = document.documentElement.lang;
    if (!button || !speech || !window.SpeechSynthesisUtterance) { return; }
    var start = button.textContent, busy = false;
    function voice() {
      var voices = speech.getVoices(), index;
      for (index = 0; index < voices.length; index += 1) {
        if (voices[index].lang.toLowerCase().replace("_", "-").split("-")[0] === language) { return voices[index]; }
      }
      return null;
    }
    function offer() { button.hidden = voice() === null; }
    function stop() {
      busy = false;
      speech.cancel();
      button.textContent = start;
    }
    function next(texts) {
      if (!busy || !texts.length) { stop(); return; }
      var said = new window.SpeechSynthesisUtterance(texts[0]);
      said.lang = language;
      said.voice = voice();
      said.rate = 0.9;
      said.onend = function () { next(texts.slice(1)); };
      speech.speak(said);
    }
    button.addEventListener("click", function () {
      if (busy) { stop(); return; }
      busy = true;
      button.textContent = button.getAttribute("data-stop");
      next(sentences());
    });
    window.addEventListener("pagehide", stop);
    if (speech.addEventListener) { speech.addEventListener("voiceschanged", offer); } else { speech.onvoiceschanged = offer; }
    offer();
  }

  function once() {
    var forms = document.getElementsByTagName("form"), index;
    function sent(event) {
      if (event.target.getAttribute("data-sent")) { event.preventDefault(); }
      event.target.setAttribute("data-sent", "1");
    }
    for (index = 0; index < forms.length; index += 1) { forms[index].addEventListener("submit", sent); }
    window.addEventListener("pageshow", function () {
      for (index = 0; index < forms.length; index += 1) { forms[index].removeAttribute("data-sent"); }
    });
  }

  /* Going back to a page that answered a form with what is wrong in it opens that page, and sends nothing again. */
  if (window.history && window.history.replaceState) { window.history.replaceState(null, "", window.location.href); }
  slider();
  reading();
  once();
  if (byId("klaar")) { byId("klaar").focus(); }
}());
