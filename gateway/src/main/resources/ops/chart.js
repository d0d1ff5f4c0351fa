// One chart of lines over the last ten minutes, as wide as its place.

const HEIGHT = 150;

/** In seconds since 1970. */
const clock = (at) => new Date(at * 1000).toLocaleTimeString("en-GB");

export class Chart {
  #place;
  #colours;
  #names;
  #plot = null;
  #data = null;

  constructor(place, names, colours) {
    this.#place = place;
    this.#names = names;
    this.#colours = colours;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
  }

  /** @param names other than those it was made with, if the lines have changed */
  draw(data, names = this.#names) {
    this.#data = data;
    if (this.#plot === null || names.join() !== this.#names.join()) {
      this.#names = names;
      this.#make();
    } else {
      this.#plot.setData(data);
    }
  }

  #make() {
    this.#plot?.destroy();
    const style = getComputedStyle(document.body);
    const faint = style.getPropertyValue("color");
    const axis = { stroke: faint, grid: { stroke: "#8883", width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    this.#plot = new uPlot(
      {
        ...this.#size(),
        cursor: { y: false },
        scales: { y: { range: (plot, low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] } },
        axes: [{ ...axis, space: 70, values: (plot, ticks) => ticks.map(clock) }, { ...axis, size: 55 }],
        series: [
          { value: (plot, at) => (at === null ? "" : clock(at)) },
          ...this.#names.map((label, i) => ({
            label,
            stroke: this.#colours[i % this.#colours.length],
            width: 1.5,
            spanGaps: true,
            points: { show: false },
            value: (plot, number) => (number === null || number === undefined ? "–" : number.toFixed(number < 10 ? 1 : 0)),
          })),
        ],
      },
      this.#data,
      this.#place,
    );
  }

  #size() {
    return { width: Math.max(200, this.#place.clientWidth), height: HEIGHT };
  }
}
