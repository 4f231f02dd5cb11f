import { identifierShare, searchTerms } from "./search-terms.js";

test("searchTerms, an identifier, is whole and in parts", () => {
  expect(searchTerms("tFTPGet_12 de l'AccessControlException")).toEqual(
    expect.arrayContaining(["tftpget_12", "get", "12", "accesscontrolexception", "access", "control"]),
  );
});

test.each([
  ["plus de place sur le disque", "No space left on device", "#disk-full"],
  ["l'hôte ne répond plus", "host is unreachable", "#unresponsive"],
  ["droits manquants", "AccessControlException: Permission denied", "#permission"],
  ["mémoire insuffisante", "java.lang.OutOfMemoryError", "#out-of-memory"],
  ["certificat périmé", "the certificate has expired", "#expired"],
])("searchTerms, %j and %j, share a sense", (french, english, sense) => {
  expect(searchTerms(french)).toContain(sense);
  expect(searchTerms(english)).toContain(sense);
});

test.each([
  ["ORA-12541", 1],
  ['"connection reset"', 1],
  ["db01.intra", 1],
  ["load.py", 1],
  ["AccessControlException sur mart_finance", 1],
  ["ORA-12541 jamais réparée", 0.5],
  ["la base ne répond pas", 0],
  ["Why did it fail?", 0],
  ["l'API d'un tiers", 0],
])("identifierShare, %j, is %d", (text, share) => {
  expect(identifierShare(text)).toBeCloseTo(share, 1);
});
