// SPDX-License-Identifier: Apache-2.0
// The page's own small drawings, made as elements so that the strict content policy holds.
const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  check: 'M4.5 12.5l5 5 10-11',
  info: 'M12 11v6M12 7.2v.1M12 3a9 9 0 100 18 9 9 0 000-18z',
  warn: 'M12 9.5v4M12 16.8v.1M12 3.6L2.6 20h18.8z',
  stop: 'M12 7.5v5.5M12 16.4v.1M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z',
  chevron: 'M9 5.5l6.5 6.5L9 18.5',
  arrow: 'M4 12h15M13 6l6 6-6 6',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 100 6 3 3 0 000-6z',
  pause: 'M8.5 5v14M15.5 5v14',
  square: 'M6 6h12v12H6z',
  play: 'M7.5 4.5v15l12-7.5z',
  undo: 'M9 5L4 10l5 5M4.5 10H14a5.5 5.5 0 010 11h-3',
  print: 'M7 8V3.5h10V8M7 16H3.5V8.5h17V16H17M7 13.5h10v7H7z',
  download: 'M12 3.5v12M6.5 10.5L12 16l5.5-5.5M4 20.5h16',
  database:
    'M4.5 6c0-1.7 3.4-3 7.5-3s7.5 1.3 7.5 3-3.4 3-7.5 3-7.5-1.3-7.5-3zM4.5 6v12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3',
  file: 'M6 3h8l4.5 4.5V21H6zM13.5 3.5V8H18',
  dots: 'M5.5 12v.1M12 12v.1M18.5 12v.1',
};

/** A drawing that screen readers pass over; the words beside it carry the meaning. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name] || PATHS.info);
  svg.append(path);
  return svg;
}
