/** Words for a part of the full scale (of the span, of the upper range value), in the languages of most certificates. */
const OF_SPAN: readonly RegExp[] = [
  /\bfull[- ]?scale|(?<![\p{L}\p{N}])f\.? ?s\.?(?![\p{L}\p{N}])/iu,
  /\bspan\b|\bfiducial|\bupper range|\bURV\b|\bURL\b|\brated (?:output|value|capacity)/i,
  /\bof (?:the )?(?:\p{L}+ )?range\b|% ?range\b/iu,
  /messspanne|\bspanne\b|endwert|endausschlag|\bv\. ?e\.|\bv\. ?m\. ?b\.|(?:vom|des|der|v\.) messbereich|nennbereich/i,
  /pleine[- ]échelle|étendue de mesure|(?:de la|du) (?:plage|gamme|calibre)\b/i,
  /fondo (?:di |de )?(?:scala|escala)|escala completa|plena escala|(?:del|de) (?:rango|alcance|campo)\b/i,
];

/** Also a range, where it is stated as a value. */
const SPAN: readonly RegExp[] = [
  ...OF_SPAN,
  /\brange\b|messbereich|\bplage\b|\bgamme\b|\bcalibre\b|\brango\b|campo di misura/i,
];

/** Whether a name or a unit says that a relative number is a part of the full scale. */
export function isOfSpan(texts: readonly string[]): boolean {
  return OF_SPAN.some((pattern) => texts.some((text) => pattern.test(text)));
}

/** Whether a name is that of a full scale, a span or a range. */
export function namesSpan(names: readonly string[]): boolean {
  return SPAN.some((pattern) => names.some((name) => pattern.test(name)));
}
