import { jsonText } from './json-text.js';
import { renderMarkdown } from './render-markdown.js';
import { renderReport } from './render-report.js';
import type { ReportInput } from './report-input.js';
import { reportToJson } from './report-json.js';
import type { ReportFormat } from './report-format-names.js';

/** The report in one of its forms, as the text of a file. */
export function reportText(format: ReportFormat, input: ReportInput): string {
  switch (format) {
    case 'html':
      return renderReport(input);
    case 'md':
      return renderMarkdown(input);
    case 'json':
      return jsonText(reportToJson(input));
    default:
      return format satisfies never;
  }
}
