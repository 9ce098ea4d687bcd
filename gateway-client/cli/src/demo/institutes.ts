/**
 * Names that real National Metrology Institutes use on their certificates. In the demo nmi-north plays them all: their certificates need no
 * parent, all others do.
 */
const INSTITUTES: readonly RegExp[] = [
  /\bBIPM\b/,
  /\bCEM\b|Centro Español de Metrología/i,
  /\bINMETRO\b/i,
  /\bINRIM\b/i,
  /\bINTI\b/,
  /\bKRISS\b/,
  /\bLNE\b/,
  /\bMETAS\b/,
  /\bNIM\b/,
  /\bNIST\b|National Institute of Standards and Technology/i,
  /\bNMIJ\b/,
  /\bNPL\b|National Physical Laboratory/i,
  /\bNRC\b/,
  /\bPTB\b|Physikalisch-Technische Bundesanstalt/i,
  /\bVSL\b/,
  /national metrology institute/i,
];

export function isNationalInstitute(laboratory: string | null): boolean {
  return laboratory !== null && INSTITUTES.some((name) => name.test(laboratory));
}
