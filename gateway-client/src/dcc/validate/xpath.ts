import type * as Slimdom from 'slimdom' with { 'resolution-mode': 'import' };

type Evaluate<T> = (
  expression: string,
  context: Slimdom.Node,
  domFacade: null,
  variables: Record<string, unknown> | null,
  options: XPathOptions,
) => T;

export interface XPathOptions {
  readonly namespaceResolver: (prefix: string) => string | null;
}

/** The part of fontoxpath that is used. Its own declarations would add browser types to all files of this package. */
export interface XPath {
  readonly evaluateXPathToBoolean: Evaluate<boolean>;
  readonly evaluateXPathToNodes: Evaluate<Slimdom.Node[]>;
  readonly evaluateXPathToStrings: Evaluate<string[]>;
  readonly evaluateXPath: (
    expression: string,
    context: Slimdom.Node,
    domFacade: null,
    variables: Record<string, unknown> | null,
    returnType: number,
    options: XPathOptions,
  ) => unknown;
  readonly createTypedValueFactory: (type: string) => (values: readonly unknown[], domFacade: unknown) => unknown;
  readonly domFacade: unknown;
  readonly ReturnType: { readonly ALL_RESULTS: number };
}

export async function loadXPath(): Promise<XPath> {
  const name = 'fontoxpath';
  // A CommonJS module whose exports Node does not detect: they are all on its default export.
  const { default: xpath } = (await import(name)) as { readonly default: XPath };
  return xpath;
}
