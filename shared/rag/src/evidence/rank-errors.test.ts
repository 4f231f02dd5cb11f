import { errorTerms, holdsIdentifier, stem } from "./error-terms.js";
import { rankErrors } from "./rank-errors.js";

const errors = [
  { signature: "memory", text: "Container killed by YARN for exceeding memory limits. Exit code 137" },
  { signature: "disk", text: "java.io.IOException: Espace disque insuffisant sur db01" },
  { signature: "listener", text: "ORA-12541: TNS:no listener" },
  { signature: "access", text: "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl" },
];
const first = (question: string, vectors = new Map<string, number>()) => rankErrors(question, errors, vectors)[0]?.signature;

test.each([
  ["mémoire insuffisante", "memory"],
  ["out of memory", "memory"],
  ["no space left on disk", "disk"],
  ["droits manquants", "access"],
  ["accesscontrolexception", "access"],
  ["ora-12541", "listener"],
  ["erreur listener", "listener"],
])("rankErrors, %j without vectors, finds the error in either language", (question, wanted) => {
  expect(first(question)).toBe(wanted);
});

test("rankErrors, no common term and no vectors, finds nothing", () => {
  expect(rankErrors("météo de demain", errors, new Map())).toEqual([]);
});

test("rankErrors, no common term and one vector far above the others, finds that one", () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ signature: `s${index}`, text: `x${index}` }));
  const vectors = new Map(many.map(({ signature }, index) => [signature, index === 7 ? 0.95 : 0.8]));
  expect(rankErrors("météo", many, vectors).map(({ signature }) => signature)).toEqual(["s7"]);
});

test("rankErrors, equal scores, are in the order of the signature", () => {
  const twins = ["b", "a"].map((signature) => ({ signature, text: "disk full" }));
  expect(rankErrors("disk", twins, new Map()).map(({ signature }) => signature)).toEqual(["a", "b"]);
});

test.each([
  ["connexions", "connexion"],
  ["refusee", "refuse"],
  ["refusees", "refuser"],
  ["rejected", "rejecting"],
  ["tables", "table"],
  ["acces", "acces"],
])("stem, %j and %j, is one", (one, other) => {
  expect(stem(one)).toBe(stem(other));
});

test.each(["ora01555", "disk", "code"])("stem, %j, stays", (word) => {
  expect(stem(word)).toBe(word);
});

test("errorTerms, an identifier, is whole and in parts", () => {
  expect(errorTerms("tFTPGet_12 de l'AccessControlException")).toEqual(
    expect.arrayContaining(["tftpget_12", "get", "12", "accesscontrolexception", "access", "control"]),
  );
});

test.each([
  ["ORA-12541", true],
  ['"connection reset"', true],
  ["AccessControlException", true],
  ["mart_finance", true],
  ["la base ne répond pas", false],
  ["Why did it fail?", false],
])("holdsIdentifier, %j, is %s", (text, wanted) => {
  expect(holdsIdentifier(text)).toBe(wanted);
});
