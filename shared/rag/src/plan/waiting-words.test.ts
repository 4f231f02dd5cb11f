import { foldText } from "../fold-text.js";
import { statusesIn } from "./status-words.js";

test.each([
  ["combien d'exécutions en attente ?", ["waiting"]],
  ["which runs are still waiting?", ["waiting"]],
  ["qu'est-ce qui n'a pas encore démarré ?", ["waiting"]],
  ["combien d'exécutions en cours ?", ["running"]],
  ["en cours ou en attente ?", ["running", "waiting"]],
  ["combien d'enregistrements en attente d'indexation ?", []],
])("statusesIn, %j, are those of what waits and of what runs", (question, statuses) => {
  expect(statusesIn(foldText(question))).toEqual(statuses);
});
