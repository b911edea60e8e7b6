// Formbricks' survey, drawn in the page: the same two questions.
import { renderSurveyModal } from "@formbricks/surveys";

const survey = {
  id: "survey",
  name: "survey",
  type: "web",
  status: "inProgress",
  environmentId: "bench",
  createdAt: new Date(),
  updatedAt: new Date(),
  welcomeCard: { enabled: false, timeToFinish: false },
  questions: [
    { id: "nps", type: "nps", required: true, headline: "How likely are you to recommend us?", lowerLabel: "Not likely", upperLabel: "Very likely" },
    { id: "why", type: "openText", required: true, headline: "What could we do better?", longAnswer: true, inputType: "text" },
  ],
  thankYouCard: { enabled: true, headline: "Thank you!" },
  hiddenFields: { enabled: false },
  triggers: [],
};
bench.open = () =>
  renderSurveyModal({ survey, brandColor: "#1f6f5c", isBrandingEnabled: false, placement: "bottomRight", clickOutside: false, darkOverlay: false, onDisplay() {}, onResponse() {}, onClose() {}, onFinished() {} });
bench.shown = () => /recommend us/.test(document.getElementById("formbricks-modal-container")?.textContent ?? "");
