// Reads an announcement aloud with the phone's own voice; hidden when the phone has none for the language.
"use strict";
(() => {
  const speech = window.speechSynthesis;
  if (!speech) return;
  const voiceFor = (lang) => speech.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(lang));
  const buttons = Array.from(document.querySelectorAll("[data-listen]"));
  const parts = (button) =>
    button.dataset.listen.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const language = (element) => (element.closest("[lang]")?.lang || "fr").toLowerCase().split("-")[0];
  const show = () => {
    for (const button of buttons) {
      const [first] = parts(button);
      if (first && voiceFor(language(first))) button.closest(".listen").hidden = false;
    }
  };
  const set = (button, speaking) => {
    button.querySelector("[data-play]").hidden = speaking;
    button.querySelector("[data-stop]").hidden = !speaking;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (speech.speaking) {
        speech.cancel();
        set(button, false);
        return;
      }
      const texts = parts(button);
      texts.forEach((element, place) => {
        const words = new SpeechSynthesisUtterance(element.innerText);
        words.lang = language(element);
        words.voice = voiceFor(words.lang) || null;
        words.rate = 0.95;
        if (place === texts.length - 1) words.onend = words.onerror = () => set(button, false);
        speech.speak(words);
      });
      set(button, true);
    });
  }
  window.addEventListener("pagehide", () => speech.cancel());
  speech.addEventListener?.("voiceschanged", show);
  show();
})();
