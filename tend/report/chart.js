// Makes the charts of a page interactive: zoom, logarithmic axis, smoothing, values under the pointer or the arrow keys. The page
// is complete without this script. A chart (svg_chart.cpp) says in data-frame where its area lies, in data-x and data-y its axes
// ("low high kind"), and each of its marks has in data-v its numbers: a line x,y pairs; a band x, low, high; a dot, label or
// vertical line x, y; a box x, y of two corners.
'use strict';
(() => {
  const numbers = (text) => text.split(/[ ,]+/).filter(Boolean).map(Number);
  const figure = (v) => String(Number(v.toPrecision(4)));

  class Axis {
    constructor(text) {
      const [low, high, kind] = text.split(' ');
      this.whole = [Number(low), Number(high)];
      this.range = this.whole;
      this.log = kind === 'log';
      this.isCount = kind === 'count';
      this.isNamed = kind === 'names';
    }
    place(v) {
      const [low, high] = this.range;
      return this.log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
    }
    value(place) {
      const [low, high] = this.range;
      return this.log ? low * Math.pow(high / low, place) : low + place * (high - low);
    }
    zoom(from, to) {
      const next = [Math.max(this.value(from), this.whole[0]), Math.min(this.value(to), this.whole[1])];
      const size = Math.max(...this.range.map(Math.abs));
      if (next.every(Number.isFinite) && next[1] - next[0] > size * 1e-9) this.range = next;
    }
    ticks() {
      const [low, high] = this.range;
      const all = [];
      if (this.log) {
        const step = Math.max(1, Math.ceil(Math.log10(high / low) / 6));
        for (let t = Math.ceil(Math.log10(low) - 1e-9); t <= Math.log10(high) + 1e-9; t += step) all.push(Math.pow(10, t));
        if (all.length < 2) return [0, 0.25, 0.5, 0.75, 1].map((p) => this.value(p));
        return all;
      }
      const rough = (high - low) / 5, power = Math.pow(10, Math.floor(Math.log10(rough)));
      let step = power * [1, 2, 5, 10].find((f) => f * power >= rough * 0.999);
      if (this.isCount) step = Math.max(1, Math.ceil(step));
      for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) all.push(i * step);
      return all;
    }
  }

  /** The moving average of y whose weights fall by this factor from point to point, without a pull towards the start. */
  function smoothed(v, factor) {
    const out = [];
    let sum = 0, weights = 0;
    for (let i = 0; i < v.length; i += 2) {
      sum = factor * sum + (1 - factor) * v[i + 1];
      weights = factor * weights + (1 - factor);
      out.push(v[i], sum / weights);
    }
    return out;
  }

  class Chart {
    constructor(svg) {
      this.svg = svg;
      [this.left, this.right, this.top, this.bottom] = numbers(svg.dataset.frame);
      [, , this.width, this.height] = numbers(svg.getAttribute('viewBox'));
      this.x = new Axis(svg.dataset.x);
      this.y = new Axis(svg.dataset.y);
      this.isFitted = true;  // the y axis follows what is visible
      this.factor = 0;
      this.group = svg.querySelector('.marks');
      this.marks = [...this.group.children].map((element) => ({element, kind: element.tagName, v: numbers(element.dataset.v || '')}));
      this.title = svg.getAttribute('aria-label').replace(/, logarithmic$/, '');
      this.names = {x: this.named('x'), y: this.named('y')};
      this.cursor = this.added(svg, 'line', {class: 'cursor', visibility: 'hidden'});
      this.dragged = this.added(svg, 'rect', {class: 'drag', visibility: 'hidden'});
      this.clip();
      this.stops = this.pointsToVisit();
      this.addControls();
      this.listen();
    }

    added(parent, kind, attributes) {
      const element = document.createElementNS(this.svg.namespaceURI, kind);
      for (const [name, v] of Object.entries(attributes)) element.setAttribute(name, v);
      parent.append(element);
      return element;
    }
    named(which) {
      return [...this.svg.querySelectorAll('.' + which + '-ticks text')].map((text) => ({text: text.textContent, at: Number(text.dataset.v)}));
    }
    clip() {
      const id = 'clip-' + document.querySelectorAll('clipPath').length;
      const path = this.added(this.svg, 'clipPath', {id});
      this.added(path, 'rect', {x: this.left - 4, y: this.top - 4, width: this.width - this.left - this.right + 8, height: this.height - this.top - this.bottom + 8});
      this.group.setAttribute('clip-path', 'url(#' + id + ')');
    }
    atX(v) { return this.left + this.x.place(v) * (this.width - this.left - this.right); }
    atY(v) { return this.height - this.bottom - this.y.place(v) * (this.height - this.top - this.bottom); }

    /** Where the arrow keys stop: at dots with a description, otherwise at the points of curves. */
    pointsToVisit() {
      const dots = this.marks.filter((m) => m.kind === 'circle' && m.element.textContent);
      if (dots.length) return dots.map((m) => ({x: m.v[0], dot: m})).sort((a, b) => a.x - b.x);
      if (this.x.isNamed || this.y.isNamed) return [];
      const xs = new Set();
      for (const m of this.curves()) for (let i = 0; i < m.v.length; i += 2) xs.add(m.v[i]);
      return [...xs].sort((a, b) => a - b).map((x) => ({x}));
    }
    curves() { return this.marks.filter((m) => m.kind === 'polyline'); }
    shown(m) { return m.kind === 'polyline' && this.factor > 0 ? smoothed(m.v, this.factor) : m.v; }

    // Drawing
    draw() {
      if (this.isFitted) this.fit();
      const inside = (x, y) => !(this.y.log && y <= 0) && Number.isFinite(x) && Number.isFinite(y);
      const pairs = (v) => {
        const all = [];
        for (let i = 0; i + 1 < v.length; i += 2) if (inside(v[i], v[i + 1])) all.push(this.atX(v[i]).toFixed(1) + ',' + this.atY(v[i + 1]).toFixed(1));
        return all.join(' ');
      };
      for (const m of this.marks) {
        const set = (attributes) => Object.entries(attributes).forEach(([name, v]) => m.element.setAttribute(name, v));
        const [x, y, x2, y2] = m.v;
        if (m.kind === 'polyline') {
          this.drawRaw(m, pairs);
          set({points: pairs(this.shown(m))});
        } else if (m.kind === 'polygon') {
          const up = [], down = [];
          for (let i = 0; i + 2 < m.v.length; i += 3) up.push(m.v[i], m.v[i + 2]), down.unshift(m.v[i], m.v[i + 1]);
          set({points: pairs(this.y.log ? up.concat(down).map((v, i) => (i % 2 && v <= 0 ? this.y.range[0] : v)) : up.concat(down))});
        } else if (m.kind === 'rect') {
          set({x: this.atX(x), y: this.atY(y2), width: Math.max(1, this.atX(x2) - this.atX(x)), height: Math.max(1, this.atY(y) - this.atY(y2))});
        } else if (m.kind === 'circle') {
          m.element.style.display = inside(x, y) ? '' : 'none';
          if (inside(x, y)) set({cx: this.atX(x), cy: this.atY(y)});
        } else if (m.kind === 'line') {
          set({x1: this.atX(x), x2: this.atX(x)});
        } else if (m.kind === 'text') {
          set({x: this.atX(x), ...(m.element.classList.contains('mark') ? {} : {y: this.atY(y)})});
        }
      }
      this.drawTicks('x');
      this.drawTicks('y');
      this.drawCursor();
      const title = this.svg.querySelector('.title');
      title.textContent = title.textContent.replace(/, logarithmic$/, '') + (this.y.log ? ', logarithmic' : '');
    }
    drawCursor() {
      const place = this.stop ? this.x.place(this.stop.x) : -1, at = this.stop ? this.atX(this.stop.x) : 0;
      const attributes = {x1: at, x2: at, y1: this.top, y2: this.height - this.bottom, visibility: place >= 0 && place <= 1 ? 'visible' : 'hidden'};
      for (const [name, v] of Object.entries(attributes)) this.cursor.setAttribute(name, v);
    }
    drawRaw(m, pairs) {
      if (this.factor > 0 && !m.raw) {
        m.raw = m.element.cloneNode(false);
        m.raw.classList.add('raw');
        m.element.before(m.raw);
      }
      if (m.raw && this.factor === 0) m.raw = m.raw.remove();
      if (m.raw) m.raw.setAttribute('points', pairs(m.v));
    }
    drawTicks(which) {
      const axis = this[which], parent = this.svg.querySelector('.' + which + '-ticks');
      const ticks = axis.isNamed ? this.names[which].filter((n) => n.at >= axis.range[0] - 1e-9 && n.at <= axis.range[1] + 1e-9)
                                 : axis.ticks().map((v) => ({at: v, text: figure(v)}));
      parent.replaceChildren();
      for (const {at, text} of ticks) {
        const p = which === 'x' ? this.atX(at) : this.atY(at), low = this.height - this.bottom;
        this.added(parent, 'line', which === 'x' ? {class: 'grid', x1: p, x2: p, y1: low, y2: this.top} : {class: 'grid', x1: this.left, x2: this.width - this.right, y1: p, y2: p});
        this.added(parent, 'text', {class: 'tick', 'text-anchor': which === 'x' ? 'middle' : 'end', x: which === 'x' ? p : this.left - 5, y: which === 'x' ? low + 14 : p + 4}).textContent = text;
      }
    }
    /** The y axis spans what is visible. */
    fit() {
      if (this.y.isNamed || this.marks.some((m) => m.kind === 'rect')) return;
      const [from, to] = this.x.range;
      let low = Infinity, high = -Infinity;
      const see = (x, y) => {
        if (x >= from && x <= to && Number.isFinite(y) && !(this.y.log && y <= 0)) low = Math.min(low, y), high = Math.max(high, y);
      };
      for (const m of this.marks) {
        const step = m.kind === 'polygon' ? 3 : 2;
        if (m.kind === 'line' || m.kind === 'text') continue;
        for (const v of this.factor > 0 && step === 2 ? [m.v, this.shown(m)] : [m.v])
          for (let i = 0; i + step <= v.length; i += step) for (let k = 1; k < step; ++k) see(v[i], v[i + k]);
      }
      if (low === high) high += Math.abs(high) / 10 || 1e-9;
      if (low < high) this.y.range = [low, high];
    }

    // What is asked for
    zoom(from, to) { this.x.zoom(from, to); this.draw(); this.say(this.x.isNamed ? 'A part of the chart' : this.x.range.map(figure).join(' to ')); }
    about(factor) {
      const at = this.stop ? Math.min(1, Math.max(0, this.x.place(this.stop.x))) : 0.5;
      this.zoom(at - factor * at, at + factor * (1 - at));
    }
    showWhole() {
      this.x.range = this.x.whole;
      this.y.range = this.y.whole;
      this.isFitted = true;
      this.draw();
      this.say('The whole chart');
    }
    setLog(isLog) {
      this.y.log = isLog;
      this.isFitted = true;
      this.draw();
    }
    visit(index) {
      const seen = this.stops.filter((s) => s.x >= this.x.range[0] && s.x <= this.x.range[1]);
      if (!seen.length) return;
      this.stop = seen[Math.min(seen.length - 1, Math.max(0, index(seen.indexOf(this.stop), seen.length)))];
      this.show(this.stop, 'polite');
    }
    show(stop, live) {
      this.drawCursor();
      this.say(stop.dot ? stop.dot.element.textContent : this.valuesAt(stop.x), live);
    }
    valuesAt(x) {
      const values = [];
      const curves = this.curves();
      const named = curves.filter((m) => m.element.classList.length);
      for (const m of (named.length && curves.length > 10 ? named : curves).slice(0, 10)) {
        const v = this.shown(m);
        let best = 0;
        for (let i = 0; i < v.length; i += 2) if (Math.abs(v[i] - x) < Math.abs(v[best] - x)) best = i;
        values.push((m.element.textContent.split('\n')[0] + ' ' + figure(v[best + 1])).trim());
      }
      return (this.svg.dataset.name + ' ' + figure(x)).trim() + ': ' + values.join(', ');
    }
    say(text, live = 'polite') {
      this.readout.setAttribute('aria-live', live);
      this.readout.textContent = text;
    }

    // Controls
    addControls() {
      const box = document.createElement('div'), controls = document.createElement('div');
      box.className = 'chart-box';
      controls.className = 'controls';
      controls.setAttribute('role', 'group');
      controls.setAttribute('aria-label', 'Controls of the chart ' + this.title);
      this.readout = document.createElement('p');
      this.readout.className = 'readout';
      this.svg.replaceWith(box);
      box.append(this.svg, controls, this.readout);
      const button = (text, what, act) => {
        const element = document.createElement('button');
        element.type = 'button';
        element.textContent = text;
        element.setAttribute('aria-label', what);
        element.addEventListener('click', act);
        controls.append(element);
      };
      button('+', 'zoom in', () => this.about(0.5));
      button('\u2212', 'zoom out', () => this.about(2));
      button('whole', 'whole chart', () => this.showWhole());
      const input = (text, attributes, act) => {
        const label = document.createElement('label'), element = document.createElement('input');
        Object.assign(element, attributes);
        element.addEventListener('input', () => act(element));
        attributes.type === 'range' ? label.append(text, element) : label.append(element, text);
        controls.append(label);
        return element;
      };
      const curves = this.x.isNamed || this.y.isNamed ? [] : this.curves();
      const hasPositive = this.marks.some((m) => (m.kind === 'polyline' || m.kind === 'circle') && m.v.some((v, i) => i % 2 && v > 0));
      if (!this.y.isNamed && hasPositive && !this.marks.some((m) => m.kind === 'rect'))
        this.logBox = input('logarithmic', {type: 'checkbox', checked: this.y.log}, (element) => this.setLog(element.checked));
      if (curves.some((m) => m.v.length >= 10))
        input('smooth', {type: 'range', min: 0, max: 0.99, step: 0.01, value: 0}, (element) => {
          this.factor = Number(element.value);
          this.draw();
        });
    }
    /** The place in the area, from 0 to 1, of an event of the pointer. */
    placeOf(event) {
      const box = this.svg.getBoundingClientRect(), scale = this.width / box.width;
      const x = ((event.clientX - box.left) * scale - this.left) / (this.width - this.left - this.right);
      const y = (this.height - this.bottom - (event.clientY - box.top) * scale) / (this.height - this.top - this.bottom);
      return {x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y))};
    }
    listen() {
      const svg = this.svg;
      svg.setAttribute('tabindex', '0');
      svg.setAttribute('role', 'application');
      svg.setAttribute('aria-roledescription', 'chart');
      svg.setAttribute('aria-label', this.title + '. Arrow keys read values, plus and minus zoom, 0 shows the whole');
      svg.addEventListener('focus', () => { if (!this.readout.textContent) this.say('\u2190 \u2192 values, + \u2212 zoom, 0 whole'); });
      svg.addEventListener('keydown', (event) => this.onKey(event));
      svg.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        this.start = this.placeOf(event);
        svg.setPointerCapture(event.pointerId);
      });
      svg.addEventListener('pointermove', (event) => this.onMove(this.placeOf(event)));
      svg.addEventListener('pointerup', (event) => this.onUp(this.placeOf(event)));
      svg.addEventListener('pointercancel', () => this.endDrag());
      svg.addEventListener('dblclick', () => this.showWhole());
    }
    endDrag() {
      this.start = null;
      this.dragged.setAttribute('visibility', 'hidden');
    }
    onMove(to) {
      if (!this.start) {
        const x = this.x.value(to.x);
        let nearest = null;
        for (const s of this.stops) if (!nearest || Math.abs(this.x.place(s.x) - to.x) < Math.abs(this.x.place(nearest.x) - to.x)) nearest = s;
        if (nearest && Number.isFinite(x)) this.show(this.stop = nearest, 'off');
        return;
      }
      const w = this.width - this.left - this.right, h = this.height - this.top - this.bottom;
      const tall = Math.abs(to.y - this.start.y) > 0.15 && !this.y.isNamed;
      const top = tall ? 1 - Math.max(to.y, this.start.y) : 0, bottom = tall ? 1 - Math.min(to.y, this.start.y) : 1;
      const attributes = {x: this.left + Math.min(to.x, this.start.x) * w, y: this.top + top * h, width: Math.abs(to.x - this.start.x) * w, height: (bottom - top) * h, visibility: 'visible'};
      for (const [name, v] of Object.entries(attributes)) this.dragged.setAttribute(name, v);
    }
    onUp(to) {
      const from = this.start;
      this.endDrag();
      if (!from || Math.abs(to.x - from.x) < 0.02) return;
      if (Math.abs(to.y - from.y) > 0.15 && !this.y.isNamed) {
        this.isFitted = false;
        this.y.zoom(Math.min(from.y, to.y), Math.max(from.y, to.y));
      }
      this.zoom(Math.min(from.x, to.x), Math.max(from.x, to.x));
    }
    onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowRight: () => this.visit((i) => i + 1), ArrowLeft: () => this.visit((i, n) => (i < 0 ? n - 1 : i - 1)),
        PageDown: () => this.visit((i, n) => i + Math.ceil(n / 10)), PageUp: () => this.visit((i, n) => i - Math.ceil(n / 10)),
        Home: () => this.visit(() => 0), End: () => this.visit((i, n) => n - 1),
        '+': () => this.about(0.5), '=': () => this.about(0.5), '-': () => this.about(2), '0': () => this.showWhole(),
        Escape: () => (this.start ? this.endDrag() : this.showWhole()), l: () => this.logBox && this.logBox.click()};
      if (!Object.hasOwn(acts, event.key)) return;
      acts[event.key]();
      event.preventDefault();
    }
  }

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('svg.chart').forEach((svg) => new Chart(svg)));
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
})();
