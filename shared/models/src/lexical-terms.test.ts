import { characterGrams, foldCase, foldText, partsOf, spellingsOf } from "./lexical-terms.js";

test("foldText, accents and ligatures composed or not, gives plain letters", () => {
  expect(foldText("Échoué cœur")).toBe("Echoue coeur");
  expect(foldText("Échoué".normalize("NFD"))).toBe("Echoue");
});

test("spellingsOf, identifiers between elisions and punctuation, keeps them whole", () => {
  expect(spellingsOf("l'erreur d’orders-daily_v2, ORA-12541: TNS:no (code=137)...")).toEqual(
    "l erreur d orders-daily_v2 ORA-12541 TNS no code 137".split(" "),
  );
});

test.each([
  ["ERROR", "error"],
  ["Error", "error"],
  ["ordersDaily", "ordersDaily"],
])("foldCase, %s, gives %s", (word, expected) => {
  expect(foldCase(word)).toBe(expected);
});

test.each([
  ["orders-daily", ["orders", "daily"]],
  ["ExecutorLostFailure", ["executor", "lost", "failure"]],
  ["parseHTTPResponse", ["parse", "http", "response"]],
  ["ORA-12541", ["ora", "12541"]],
  ["etl/sales.v2_Daily", ["etl", "sales", "v2", "daily"]],
  ["error", ["error"]],
])("partsOf, %s, gives its lower-case parts", (word, parts) => {
  expect(partsOf(word)).toEqual(parts);
});

test("characterGrams, a word, gives the runs of each length with the word's boundaries", () => {
  expect(characterGrams("abc", [3, 4, 5, 6])).toEqual(["<ab", "abc", "bc>", "<abc", "abc>", "<abc>"]);
});
