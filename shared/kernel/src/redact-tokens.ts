/** Prefixes by which vendors let their tokens be found. Source: each vendor's documentation of its token formats; `frag_` is our own. */
const alone = "(?<![A-Za-z0-9])";
const formats = [
  "(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16,}",
  `${alone}LTAI[A-Za-z0-9]{12,}`,
  "gh[pousr]_[A-Za-z0-9]{20,}",
  "github_pat_\\w{20,}",
  `${alone}gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-[\\w.-]{16,}`,
  "xox[abeoprs](?:\\.xox[a-z])?-[A-Za-z0-9-]{8,}",
  "xapp-[A-Za-z0-9-]{16,}",
  `${alone}[sr]k[-_](?:proj-|live_|test_|ant-|svcacct-|lf-)?[A-Za-z0-9_-]{16,}`,
  `${alone}whsec_[A-Za-z0-9+/=]{20,}`,
  "AIza[\\w-]{30,}",
  "ya29\\.[\\w-]{16,}",
  `${alone}GOCSPX-[\\w-]{20,}`,
  `${alone}1//0[\\w-]{30,}`,
  `${alone}(?:hf|npm|r8|gsk|pcsk|sbp|nfp|rnd|sqp|squ|sqa|bkua|lin_api|ntn|figd|pnu|pnb|xai|glc|glsa)[_-][A-Za-z0-9_-]{24,}`,
  `${alone}(?:dckr_pat|dckr_oat|dop_v1|doo_v1|dor_v1|shpat|shpss|shpca|shppa|sntrys|sntryu|pscale_tkn|pscale_pw|pscale_oauth|rubygems|lsv2_pt|lsv2_sk|pplx|CCIPAT|CFPAT|HRKU|NRAK|PMAK|xkeysib)[_-][A-Za-z0-9_.=-]{20,}`,
  `${alone}pypi-[A-Za-z0-9_-]{32,}`,
  `${alone}dapi[0-9a-f]{32,}(?:-\\d)?`,
  `${alone}hv[sbr]\\.[\\w-]{20,}`,
  `${alone}SG\\.[\\w-]{16,64}\\.[\\w-]{16,}`,
  `${alone}SK[0-9a-f]{32}(?![0-9a-f])`,
  `${alone}key-[0-9a-f]{32}(?![0-9a-f])`,
  `${alone}[0-9a-f]{32}-us\\d{1,2}(?!\\w)`,
  `${alone}AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{20,}`,
  `${alone}dt0[a-z]\\d{2}\\.[A-Z0-9]{8,64}\\.[A-Z0-9]{16,}`,
  `${alone}dp\\.(?:pt|st|ct|scim|audit)\\.[\\w.-]{20,}`,
  `${alone}pat[A-Za-z0-9]{14}\\.[0-9a-f]{32,}`,
  `${alone}AKCp[A-Za-z0-9]{20,}`,
  `${alone}\\w{3}[78]Q~[\\w.~-]{31,}`,
  `${alone}AGE-SECRET-KEY-1[A-Z0-9]{20,}`,
  `(?:(?<=/bot)|${alone})\\d{8,10}:AA[\\w-]{30,}`,
  `${alone}[MNO][A-Za-z0-9_-]{23,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,}`,
  `${alone}frag_[A-Za-z0-9]{1,40}_[\\w-]{20,}`,
  "(?<=hooks\\.slack\\.com/(?:services|workflows|triggers)/)[\\w/-]{10,}",
  "(?<=webhook\\.office\\.com/webhookb2/)[\\w@/-]{20,}",
  "(?<=discord(?:app)?\\.com/api/webhooks/\\d{6,24}/)[\\w-]{20,}",
  "(?<=hooks\\.zapier\\.com/hooks/catch/)[\\w/-]{8,}",
  "(?<=/hooks/)[a-z0-9]{26}(?![a-z0-9])",
  "(?<=[?&]key=)[\\w-]{30,}",
];
const vendorToken = new RegExp(formats.join("|"), "g");

/** A token stands within such a run; taken as a whole, so that few places are looked at closely. */
const run = /[^\s"'<>,;(){}[\]]{14,}/g;
/** Formats that hold a digit only by chance. */
const withoutDigit = /A(?:KIA|SIA|ROA|IDA|BIA|CCA)|xox|gh[pousr]_/;

/** The text with what vendors' formats show as tokens replaced. */
export const replaceVendorTokens = (text: string, replace: (token: string) => string): string =>
  text.replace(run, (part) =>
    /\d/.test(part) || withoutDigit.test(part)
      ? part.replace(vendorToken, (token) => (/\d/.test(token) || /^(?:A[A-Z]{3}|xox|gh)/.test(token) ? replace(token) : token))
      : part,
  );
