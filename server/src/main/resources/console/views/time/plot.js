// The one place that knows uPlot: a flag's stage and percentage over the ruler's length.

import { styles } from '../../styles.js';
import { STAGES } from '../../words.js';

const UPLOT = '/webjars/uplot/1.6.30/dist';
const HEIGHT = 158;
const LEFT = 46;
const RIGHT = 92;
const STAGE_TICKS = ['Admins', 'Allowlist', 'Percentage', 'Everybody'];

let library = null;

/** Loaded when the first chart is drawn. */
function load() {
  library ??= Promise.all([import(`${UPLOT}/uPlot.esm.js`), styles(`${UPLOT}/uPlot.min.css`)]).then(([module]) => module.default);
  return library;
}

/** [x, percentage, stage] for the plot; one more point at the end, as what was last still holds. */
export function columns(points, scale) {
  const all = points.length === 0 ? [] : [...points, { ...points.at(-1), sequence: null }];
  return [
    all.map(({ sequence }) => (sequence === null ? 1 : scale.x(sequence))),
    all.map(share),
    all.map(({ stage }) => STAGES.indexOf(stage)),
  ];
}

/** To how many of a hundred a flag is open by its percentage, whether it is killed or not. */
export function share({ stage, percentage }) {
  return { PERCENTAGE: percentage, GENERALLY_AVAILABLE: 100 }[stage] ?? 0;
}

/** The stretches in which a flag was killed or archived: [[from, to]] on the ruler. */
export function shut(points, scale) {
  const stretches = [];
  points.forEach((point, index) => {
    if (point.killSwitch !== 'RELEASED' || point.archived) {
      const end = index + 1 < points.length ? scale.x(points[index + 1].sequence) : 1;
      stretches.push([scale.x(point.sequence), end]);
    }
  });
  return stretches;
}

/**
 * Draws a plot into an element.
 *
 * @param {function(number)} chosen told of the place that is clicked, 0 to 1
 * @returns {Promise<{set: function(points, scale), resize: function(), destroy: function()}>}
 */
export async function plot(element, chosen) {
  const Plot = await load();
  const colour = (name) => getComputedStyle(element).getPropertyValue(name).trim();
  const [ink, line, accent, glow, red, sheet] = ['--ink-3', '--line', '--accent', '--glow', '--red', '--ink-2'].map((name) => resolved(element, colour(name)));
  const font = `11px ${colour('--sans')}`;
  let stretches = [];
  const stepped = Plot.paths.stepped({ align: 1 });
  const axis = { stroke: ink, font, ticks: { show: false }, grid: { stroke: line, width: 1 } };
  const chart = new Plot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      padding: [8, 0, 8, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: { x: { time: false, range: [0, 1] }, '%': { range: [0, 104] }, stage: { range: [0, 3.12] } },
      axes: [
        { show: false },
        { ...axis, scale: '%', size: LEFT, splits: () => [0, 25, 50, 75, 100], values: (_, splits) => splits.map((value) => `${value}\u2009%`) },
        { ...axis, scale: 'stage', side: 1, size: RIGHT, grid: { show: false }, splits: () => [0, 1, 2, 3], values: () => STAGE_TICKS },
      ],
      series: [
        {},
        { scale: '%', stroke: accent, width: 2, fill: glow, paths: stepped, points: { show: false } },
        { scale: 'stage', stroke: sheet, width: 1.25, dash: [4, 3], paths: stepped, points: { show: false } },
      ],
      hooks: { draw: [(self) => bands(self, stretches, red)], ready: [(self) => self.over.addEventListener('click', () => chosen(self.cursor.left / self.over.clientWidth))] },
    },
    [[], [], []],
    element,
  );
  return {
    set(points, scale) {
      stretches = shut(points, scale);
      chart.setData(columns(points, scale), false);
      chart.setScale('x', { min: 0, max: 1 });
      chart.redraw();
    },
    resize: () => chart.setSize({ width: element.clientWidth, height: HEIGHT }),
    destroy: () => chart.destroy(),
  };
}

/** Red over the times in which nobody but admins got in. */
function bands(chart, stretches, red) {
  const { ctx, bbox } = chart;
  ctx.save();
  for (const [from, to] of stretches) {
    const left = chart.valToPos(from, 'x', true);
    const width = Math.max(1, chart.valToPos(to, 'x', true) - left);
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = red;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, width, 2 * devicePixelRatio);
  }
  ctx.restore();
}

/** A colour that a canvas understands: a variable may hold one that depends on light or dark. */
function resolved(element, colour) {
  const probe = document.createElement('i');
  probe.style.color = colour;
  element.append(probe);
  const plain = getComputedStyle(probe).color;
  probe.remove();
  return plain;
}
