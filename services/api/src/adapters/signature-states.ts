import { signatureState, type SignatureState } from "@flow-rag/insights";
import type { ListedSignature, SignatureList } from "@flow-rag/stores";
import type { ReadTeamSettings } from "./team-settings.js";

export type JudgedSignature = Omit<ListedSignature, "days"> & SignatureState;

/** The list of errors, each with what its days say of it: new, ongoing, back after the quiet days of the settings, or quiet. */
export const createSignatureStates = (signatures: SignatureList, readSettings: ReadTeamSettings, now: () => Date) => ({
  async list(...asked: Parameters<SignatureList["list"]>): Promise<JudgedSignature[]> {
    const [listed, { regressedAfterDays }] = await Promise.all([signatures.list(...asked), readSettings()]);
    return listed.map(({ days, ...signature }) => ({ ...signature, ...signatureState(days, now(), regressedAfterDays) }));
  },
});
