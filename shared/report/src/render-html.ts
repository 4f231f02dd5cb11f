import { Html, markup } from "@flow-rag/kernel";
import type { ReportDocument, Row, Section, Tone } from "./document.js";
import type { Picture } from "./render-text.js";
import { shownRows } from "./shown-rows.js";
import type { Inline } from "./voice.js";

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:0.93em";
const tones: Readonly<Record<Tone, string>> = { bad: "#b3261e", warn: "#8a5a00", good: "#1b6e3c", plain: "#4a5560" };
const symbols: Readonly<Record<Tone, string>> = { bad: "●", warn: "▲", good: "✓", plain: "·" };
const wrap = "overflow-wrap:anywhere;word-break:break-word";

/** Dark clients that honour media queries get these; others keep dark text on light ground, both of which are set. */
const style = new Html(`
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;-webkit-text-size-adjust:100%}
@media (prefers-color-scheme:dark){
.page{background:#14171a!important}
.card{background:#1f2428!important;color:#e6e9ec!important;border-color:#3a4148!important}
.quiet{color:#a9b2bb!important}
.line{border-color:#3a4148!important}
.code{background:#2c333a!important;color:#e6e9ec!important}
.bad{color:#ff9d94!important}
.warn{color:#f2c261!important}
.good{color:#7fd6a0!important}
.plain{color:#b9c2cb!important}
}
@media (max-width:480px){.pad{padding-left:14px!important;padding-right:14px!important}.item{width:48%!important}}
`);

/** The report as one e-mail: a single column of 600 px, styles in place, nothing from elsewhere. Pictures are `cid:<name>`. */
export function renderHtml(document: ReportDocument, pictures: readonly Picture[], most: number): string {
  const { language, title, subject, preheader, mark, main, details, footer, stop } = document;
  const body = [...main, ...details].map((section) => sectionHtml(section, document, pictures, most));
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>${style}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#eef1f4">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${preheader}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f4">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="${cardStyle}">
<tr><td class="pad" style="padding:20px 24px 4px 24px">
<h1 style="margin:0;font-size:20px;line-height:1.3">${title}</h1>
<p class="${mark.tone}" style="margin:4px 0 0 0;font-weight:600;color:${tones[mark.tone]}">${symbols[mark.tone]} ${mark.label}</p>
</td></tr>
${body}<tr><td class="pad quiet" style="padding:14px 24px 20px 24px;font-size:12px;color:#5b6670">${footer.map(footerLine)}${stop}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`.text;
}

const cardStyle = new Html(
  `max-width:600px;background:#ffffff;color:#1a1f24;border:1px solid #d5dbe1;border-radius:8px;${font};font-size:15px;line-height:1.45;text-align:left`,
);
const footerLine = (line: readonly Inline[]): Html => markup`${inlines(line)}<br>`;
const cell = (content: Html | readonly Html[]): Html => markup`<tr><td class="pad" style="padding:10px 24px 4px 24px">${content}</td></tr>
`;

function sectionHtml(section: Section, document: ReportDocument, pictures: readonly Picture[], most: number): Html {
  switch (section.kind) {
    case "paragraph":
      return cell(section.lines.map((line) => markup`<p style="margin:0 0 6px 0;${new Html(wrap)}">${inlines(line)}</p>`));
    case "figures":
      return cell(markup`<div style="font-size:0">${section.items.map(figureHtml)}</div>`);
    case "pictures":
      return markup`${pictures.map(({ name, alt }) => cell(markup`<img src="cid:${name}" alt="${alt}" width="552" style="${imageStyle}">`))}`;
    case "rows": {
      const { shown, rest } = shownRows(section, document, most);
      const more = rest === undefined ? [] : [markup`<tr><td class="quiet" style="${restStyle}">${rest}</td></tr>`];
      return cell(markup`<h2 style="margin:6px 0 4px 0;font-size:16px">${section.heading}</h2>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
${[...shown.map(rowHtml), ...more]}</table>`);
    }
  }
}

const restStyle = new Html(`padding:6px 0;font-size:13px;color:#5b6670;${wrap}`);
const imageStyle = "display:block;width:100%;max-width:552px;height:auto;border-radius:6px;background:#ffffff;color:#1a1f24";
const itemStyle = "display:inline-block;width:33%;min-width:120px;padding:4px 0;font-size:15px;vertical-align:top";

function figureHtml({ label, value, change }: { label: string; value: string; change: string }): Html {
  const then = change === "" ? markup`` : markup` <span class="quiet" style="font-size:13px;color:#5b6670">(${change})</span>`;
  return markup`<span class="item" style="${itemStyle}"><span class="quiet" style="font-size:12px;color:#5b6670">${label}</span><br><strong style="font-size:18px">${value}</strong>${then}</span>`;
}

function rowHtml({ mark, head, figure, note }: Row): Html {
  const label = mark
    ? markup`<span class="${mark.tone}" style="font-size:12px;font-weight:600;color:${tones[mark.tone]}">${symbols[mark.tone]} ${mark.label}</span> `
    : markup``;
  const amount = figure === undefined ? markup`` : markup` · <strong>${figure}</strong>`;
  const second =
    note && note.length > 0
      ? markup`<div class="quiet" style="font-size:13px;color:#4a5560;${new Html(wrap)}">${inlines(note)}</div>`
      : markup``;
  return markup`<tr><td class="line" style="padding:7px 0;border-top:1px solid #e3e8ec;${new Html(wrap)}">${label}${inlines(head)}${amount}${second}</td></tr>
`;
}

const codeStyle = new Html(`${mono};background:#eef1f4;color:#1a1f24;border-radius:3px;padding:1px 4px;unicode-bidi:isolate`);
/** A name or an error written from right to left would draw the figures after it into its own order. */
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function inlines(line: readonly Inline[]): Html {
  return markup`${line.map(({ as, text }) => {
    switch (as) {
      case "strong":
        return markup`<strong>${text}</strong>`;
      case "code":
        return markup`<span class="code" style="${codeStyle}">${text}</span>`;
      case "quiet":
        return markup`<span class="quiet" style="color:#5b6670">${text}</span>`;
      case "data":
        return rightToLeft.test(text) ? markup`<span style="unicode-bidi:isolate">${text}</span>` : markup`${text}`;
      case "plain":
      case "mention":
        return markup`${text}`;
    }
  })}`;
}
