// Draws what the table beside it says: first column the day, one column a series. The table stays the source.
const number = (text) => Number(text.replace(/[^\d.-]/g, "")) || 0;
const colour = (name) => {
  const probe = document.createElement("span");
  probe.className = name;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

function read(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const columns = heads.map(() => []);
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, i) => {
      const at = cell.querySelector("time")?.dateTime;
      columns[i].push(i === 0 ? Date.parse(at ?? cell.textContent) / 1000 : number(cell.textContent));
    });
  }
  return { heads, columns };
}

function draw(figure) {
  const plot = figure.querySelector("[data-chart-plot]");
  if (!plot) return;
  // an earlier drawing has a table of its own, its legend
  plot.replaceChildren();
  const { heads, columns } = read(figure.querySelector("table"));
  if (!window.uPlot || columns[0].length < 2) {
    plot.remove();
    return;
  }
  plot.hidden = false;
  const ink = getComputedStyle(figure).color;
  const line = colour("chart-line");
  const days = [1, 2, 7, 14, 28, 91, 182, 365].map((n) => n * 86400);
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const places = [...figure.querySelectorAll("thead th")].slice(1).map((cell, i) => Number(cell.dataset.series ?? (i % 3) + 1));
  const series = heads.slice(1).map((label, i) => ({ label, stroke: colour(`chart-series-${places[i]}`), width: 2, dash: [, , [6, 4], , [2, 3]][places[i]], points: { show: false }, value: (_, v) => (v == null ? "" : String(v)) }));
  const chart = new window.uPlot(
    {
      width: plot.clientWidth,
      height: 240,
      tzDate: (at) => window.uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      scales: { y: { range: (_, low, high) => [Math.min(0, low), Math.max(4, high * 1.1)] } },
      axes: [{ ...axis, incrs: days, space: 64, values: [[86400, "{D} {MMM}", null, null, null, null, null, null, 1]] }, axis],
      series: [{ label: heads[0], value: (_, v) => (v == null ? "" : day.format(new Date(v * 1000))) }, ...series],
    },
    columns,
    plot,
  );
  new ResizeObserver(() => chart.setSize({ width: plot.clientWidth, height: 240 })).observe(plot);
}

const figures = document.querySelectorAll("[data-chart]");
const drawAll = () => figures.forEach(draw);
window.addEventListener("load", drawAll);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
