export { makerHtml } from './html.js';
export { lineFaults, type LineFault } from './line.js';
export { makerReport, type MakerDevice, type MakerEvent, type MakerInput, type MakerReport } from './report.js';
