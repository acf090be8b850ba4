/** Forms of a report: a page to look at, text to read or diff, and all of its content as data. */
export const REPORT_FORMATS = ['html', 'md', 'json'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];
