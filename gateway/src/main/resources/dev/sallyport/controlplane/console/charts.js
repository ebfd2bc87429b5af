// Charts of the last minutes, by uPlot.

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A chart of several lines over time; `update` gives it new rows, each [milliseconds, value, value, …]. */
export function lineChart(place, names, format) {
  let plot = null, rows = [];
  const columns = () => {
    const data = [rows.map(r => r[0] / 1000)];
    for (let i = 0; i < names.length; i++) data.push(rows.map(r => r[i + 1] ?? null));
    return data;
  };
  const axis = {
    stroke: () => colour('--quiet'), grid: { stroke: () => colour('--line'), width: 1 }, ticks: { show: false },
    font: '11px system-ui', size: 22,
  };
  const draw = () => {
    if (!place.isConnected || place.clientWidth === 0) return;
    const size = { width: place.clientWidth, height: 150 };
    if (plot) { plot.setSize(size); plot.setData(columns()); return; }
    plot = new uPlot({
      ...size,
      cursor: { y: false, points: { size: 6 } },
      legend: { show: false },
      scales: { y: { range: (_, min, max) => [0, Math.max(max * 1.1, 1e-6)] } },
      axes: [axis, { ...axis, size: 56, values: (_, ticks) => ticks.map(format) }],
      series: [{}, ...names.map((name, i) => ({
        label: name, stroke: () => colour(`--c${i + 1}`), width: 1.5, spanGaps: true, points: { show: false },
      }))],
      plugins: [tip(names, format)],
    }, columns(), place);
  };
  const watch = new ResizeObserver(draw);
  watch.observe(place);
  return {
    update(next) { rows = next; draw(); },
    recolour() { plot?.destroy(); plot = null; draw(); },
    end() { watch.disconnect(); plot?.destroy(); plot = null; },
  };
}

function tip(names, format) {
  let box;
  return {
    hooks: {
      init: u => { box = document.createElement('div'); box.className = 'tip'; box.hidden = true; u.over.append(box); },
      setCursor: u => {
        const i = u.cursor.idx;
        box.hidden = i == null;
        if (i == null) return;
        const time = new Date(u.data[0][i] * 1000).toLocaleTimeString();
        box.textContent = [time, ...names.map((n, k) => `${n} ${u.data[k + 1][i] == null ? '–' : format(u.data[k + 1][i])}`)].join('  ');
        box.classList.toggle('left', u.cursor.left > u.over.clientWidth / 2);
      },
    },
  };
}
