// The little that the screen needs of the DOM, without innerHTML (the page requires trusted types).

export const $ = (id) => document.getElementById(id);

// An element: properties, `class`, `data-…` and `aria-…` attributes, and children (strings or nodes).
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// What stands there already is left alone: a browser lays out again whatever is written.
export function write(element, property, text) {
  if (element[property] !== text) element[property] = text;
}

const words = JSON.parse($('words').textContent);

export function learn(more) {
  Object.assign(words, more);
}

// A word or sentence of the page in its language; {name} places are filled from `values`.
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
