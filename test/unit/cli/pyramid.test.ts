import assert from 'node:assert/strict';
import type { Edge, Given, Verdict } from '@tracecal/core/trace';
import { SaxesParser } from 'saxes';
import { pyramidLayout, pyramidSvg } from '@tracecal/cli';
import type { Box } from '@tracecal/cli';
import { twoCountries } from '../../support/hierarchy.js';

const temperature = (expanded: number): Given => ({
  name: 'Temperature',
  quantity: 'temperature',
  unit: '\\degreecelsius',
  range: { min: 0, max: 100 },
  uncertainty: { min: expanded, max: expanded },
  coverageFactor: { min: 2, max: 2 },
  arguments: [],
});

function edge(level: number, name: string, more: Partial<Edge> = {}): Edge {
  return {
    level,
    child: null,
    report: `r-${name}`,
    digest: 'ab'.repeat(32),
    amendedBy: null,
    device: name,
    organisation: 'lab',
    technician: 't-1',
    performed: '2026-01-01',
    registered: '2026-01-02T00:00:00Z',
    gives: [temperature(1 / level)],
    outcome: 'sound',
    findings: [],
    ...more,
  };
}

function verdict(edges: readonly Edge[], more: Partial<Verdict> = {}): Verdict {
  return {
    registry: 'calibration',
    device: 'sensor',
    asOf: '2026-03-01T00:00:00Z',
    knownAt: null,
    quantity: null,
    status: 'TRACEABLE',
    check: null,
    reason: 'Traces to nmi.',
    requirements: null,
    due: null,
    results: [],
    levels: 3,
    roots: [{ organisation: 'nmi', sha256: '0123456789abcdef'.repeat(4) }],
    institutes: [],
    heartbeats: [],
    findings: [],
    edges,
    ...more,
  };
}

/** Reports over some levels, each with several parents; the edges as a walk makes them. */
function pyramidOf(levels: number, fanIn: number): readonly Edge[] {
  const below = (level: number, name: string): readonly Edge[] => [
    edge(level, name, level === levels ? { organisation: 'nmi' } : {}),
    ...(level === levels
      ? []
      : Array.from({ length: level <= 2 ? fanIn : 1 }, (_, place) => below(level + 1, `${name}.${place}`)).flat()),
  ];
  return below(1, 'sensor');
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** @throws if it is not well-formed. */
function elementsOf(svg: string): readonly Element[] {
  const parser = new SaxesParser();
  const all: Element[] = [];
  const open: Element[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const inner = open.at(-1);
    if (inner) {
      inner.text += text;
    }
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(svg).close();
  return all;
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('The picture of a trace', () => {
  it('is well-formed, needs nothing else, and has a title and a description', async () => {
    const hierarchy = await twoCountries();
    const svg = pyramidSvg(await hierarchy.trace('sensor-a'));
    const elements = elementsOf(svg);
    const text = (name: string) => elements.find((element) => element.name === name)?.text ?? '';
    assert.equal(text('title'), 'Traceability of oem-a/sensor-a: TRACEABLE');
    assert.match(
      text('desc'),
      /^Traces over 4 levels to nmi-north\. As of 2026-01-01T12:00:00Z\. .*U 0\.004 °C \(95 %, k = 2\)/,
    );
    assert.deepEqual(
      elements
        .map(({ name }) => name)
        .filter((name) => ['script', 'image', 'use', 'a', 'foreignObject'].includes(name)),
      [],
    );
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|href|<!/);
    assert.match(svg, /prefers-color-scheme: dark/);
  });

  it('has the institutes on top, each report above what rests on it, and the device at the bottom', async () => {
    const hierarchy = await twoCountries();
    const { boxes, links } = pyramidLayout(await hierarchy.trace('sensor-a'));
    assert.deepEqual(
      boxes.toSorted((a, b) => a.y - b.y).map(({ lines }) => lines[0]),
      [
        'nmi-north',
        'nmi-north/primary-a',
        'lab-alpha/reference-a',
        'oem-a/working-a',
        'oem-a/sensor-a',
        'oem-a/sensor-a',
      ],
    );
    assert.equal(links.length, 5);
    assert.ok(links.every(([upper, lower]) => upper.y + upper.height < lower.y));
  });

  it('shows range and uncertainty at every level, which grows down the levels', async () => {
    const hierarchy = await twoCountries();
    const { boxes } = pyramidLayout(await hierarchy.trace('sensor-a'));
    const reports = boxes.filter(({ bar }) => bar !== null).toSorted((a, b) => a.y - b.y);
    assert.deepEqual(
      reports.map(({ lines }) => lines.filter((line) => line.includes('°C'))),
      ['0.001', '0.002', '0.004', '0.008'].map((U) => ['temperature 0 to 100 °C', `U ${U} °C (95 %, k = 2)`]),
    );
    assert.ok(reports.every(({ bar }, place) => place === 0 || (bar ?? 0) > (reports[place - 1]?.bar ?? 1)));
  });

  it('says with a colour, a border and words how each edge holds', () => {
    const outcomes = ['sound', 'attested', 'missing', 'failed'] as const;
    const svg = pyramidSvg(verdict(outcomes.map((outcome) => edge(1, outcome, { outcome }))));
    const words = elementsOf(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []));
    for (const [place, outcome] of outcomes.entries()) {
      assert.ok(words.includes(`${['✓', '~', '?', '✗'][place] ?? ''} ${outcome}`), outcome);
      assert.match(svg, new RegExp(`class="box ${outcome}"`));
    }
  });

  for (let levels = 1; levels <= 8; levels += 1) {
    it(`overlaps nowhere with ${levels} levels and several parents, and stays within its frame`, () => {
      for (const fanIn of [1, 2, 3]) {
        const { boxes, width, height } = pyramidLayout(verdict(pyramidOf(levels, fanIn)));
        assert.ok(boxes.length >= levels + 2);
        for (const [place, box] of boxes.entries()) {
          assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height);
          assert.ok(!boxes.slice(place + 1).some((other) => overlap(box, other)), box.key);
        }
      }
    });
  }

  it('draws a report once on which several rest, above all of them', () => {
    const edges = [edge(1, 'sensor'), edge(2, 'a'), edge(3, 'c'), edge(2, 'b'), edge(3, 'd'), edge(4, 'c')];
    const { boxes, links } = pyramidLayout(verdict(edges, { roots: [] }));
    const of = (key: string) => boxes.filter((box) => box.key === `report r-${key}`);
    assert.equal(of('c').length, 1);
    assert.ok((of('c')[0]?.y ?? Infinity) < (of('d')[0]?.y ?? 0));
    assert.equal(links.filter(([upper]) => upper.key === 'report r-c').length, 2);
  });

  it('ends where a report rests on itself', () => {
    const { boxes } = pyramidLayout(
      verdict([edge(1, 'sensor'), edge(2, 'a'), edge(3, 'sensor', { outcome: 'failed' })]),
    );
    assert.equal(boxes.filter(({ lines }) => lines[1] === 'r-sensor').length, 2);
  });

  it('is cut where a level has many, and says how many are left', () => {
    const many = Array.from({ length: 40 }, (_, place) =>
      edge(2, `p${place}`, place === 39 ? { outcome: 'failed' } : {}),
    );
    const { boxes } = pyramidLayout(verdict([edge(1, 'sensor'), ...many]));
    const more = boxes.find(({ key }) => key === 'more 2');
    assert.deepEqual([more?.lines[0], more?.outcome], ['and 29 more', 'failed']);
  });

  it('keeps text within its box', () => {
    const long = edge(1, 'x'.repeat(200), { organisation: '漢'.repeat(100) });
    for (const { name, text } of elementsOf(pyramidSvg(verdict([long])))) {
      if (name === 'text' && !text.startsWith('National institutes')) {
        const columns = Array.from(text).reduce((sum, each) => sum + (each === '漢' ? 2 : 1), 0);
        assert.ok(columns * 7.5 <= 280, text);
      }
    }
  });

  it('makes nothing of a hostile name but text', () => {
    const hostile = '</text><script>alert("1")</script>&amp;\u0000\u001b[2J\ud800\uffff]]>\'';
    const given = { ...temperature(1), quantity: hostile, unit: hostile };
    const one = edge(1, hostile, { organisation: hostile, gives: [given], report: hostile });
    const roots = [{ organisation: hostile, sha256: 'ab'.repeat(32) }];
    const svg = pyramidSvg(verdict([one], { device: hostile, reason: hostile, roots }));
    const elements = elementsOf(svg);
    assert.deepEqual([...new Set(elements.map(({ name }) => name))].sort(), [
      'desc',
      'g',
      'line',
      'rect',
      'style',
      'svg',
      'text',
      'title',
    ]);
    assert.doesNotMatch(svg.replaceAll('\n', ''), /[\p{Cc}\p{Cs}\uffff]/u);
    assert.ok(elements.some(({ name, text }) => name === 'text' && text.startsWith('</text><script>')));
  });

  it('is drawn where nothing could be traced', () => {
    const nothing = edge(1, 'sensor', {
      report: null,
      organisation: null,
      performed: null,
      gives: [],
      outcome: 'missing',
    });
    elementsOf(pyramidSvg(verdict([nothing], { status: 'INCOMPLETE', roots: [] })));
    elementsOf(pyramidSvg(verdict([], { status: 'INCOMPLETE', roots: [] })));
  });
});
