/** What the walk needs of HTML: forms, links, images and visible text. */

export interface Field {
  name: string;
  type: string;
  value: string;
  /** Checked, selected, or of a kind that is always sent. */
  on: boolean;
  /** Text of the label, option or button beside it. */
  label: string;
}

export interface Form {
  method: string;
  /** Absolute. */
  action: string;
  fields: Field[];
  /** Everything that is visible within it. */
  text: string;
}

interface Tag {
  name: string;
  closing: boolean;
  attributes: Map<string, string>;
  from: number;
  to: number;
}

const tagPattern = /<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;
const attributePattern = /([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const hidden = /<!--[\s\S]*?-->|<(script|style|template)\b[\s\S]*?<\/\1>/gi;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Replaces character references by what they stand for. */
export function unescapeHtml(text: string): string {
  return text.replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, body: string) => {
    if (!body.startsWith('#')) return entities[body.toLowerCase()] ?? whole;
    const hexadecimal = body[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(Number.parseInt(body.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10));
  });
}

function tagsOf(html: string): Tag[] {
  return [...html.matchAll(tagPattern)].map((match) => {
    const [whole, slash, name = '', rest = ''] = match;
    const attributes = new Map(
      [...rest.matchAll(attributePattern)].map(
        ([, attribute = '', double, single, bare]) =>
          [attribute.toLowerCase(), unescapeHtml(double ?? single ?? bare ?? '')] as const,
      ),
    );
    const from = match.index;
    return { name: name.toLowerCase(), closing: slash === '/', attributes, from, to: from + whole.length };
  });
}

/** The text that a reader sees, blanks joined. */
export function visibleText(html: string): string {
  const withoutTags = html.replaceAll(hidden, ' ').replaceAll(tagPattern, ' ');
  return unescapeHtml(withoutTags).replaceAll(/\s+/g, ' ').trim();
}

/** Addresses of images, absolute. */
export function imagesOf(html: string, base: string): string[] {
  return tagsOf(html.replaceAll(hidden, ' '))
    .filter(({ name, attributes }) => name === 'img' && attributes.has('src'))
    .map(({ attributes }) => new URL(attributes.get('src') ?? '', base).href);
}

/** Links with their text (or the alternative text of an image in them). */
export function linksOf(html: string, base: string): { href: string; text: string }[] {
  const source = html.replaceAll(hidden, ' ');
  return elementsOf(source, 'a')
    .filter(({ open }) => open.attributes.has('href'))
    .map(({ open, inner }) => ({
      href: new URL(open.attributes.get('href') ?? '', base).href,
      text: [visibleText(inner), ...tagsOf(inner).map((tag) => tag.attributes.get('alt') ?? '')]
        .join(' ')
        .trim(),
    }));
}

function elementsOf(html: string, name: string): { open: Tag; inner: string }[] {
  const tags = tagsOf(html).filter((tag) => tag.name === name);
  return tags.flatMap((open, index) => {
    if (open.closing) return [];
    const end = tags.slice(index + 1).find((tag) => tag.closing);
    return [{ open, inner: html.slice(open.to, end?.from ?? html.length) }];
  });
}

/** Every form of a page. */
export function formsOf(html: string, base: string): Form[] {
  const source = html.replaceAll(hidden, ' ');
  return elementsOf(source, 'form').map(({ open, inner }) => ({
    method: (open.attributes.get('method') ?? 'get').toUpperCase(),
    action: new URL(open.attributes.get('action') || base, base).href,
    fields: [...inputsOf(inner), ...buttonsOf(inner), ...selectsOf(inner), ...textAreasOf(inner)],
    text: visibleText(inner),
  }));
}

function inputsOf(html: string): Field[] {
  const labels = elementsOf(html, 'label');
  return tagsOf(html).flatMap(({ name, closing, attributes, from }) => {
    if (name !== 'input' || closing) return [];
    const type = attributes.get('type')?.toLowerCase() ?? 'text';
    const id = attributes.get('id');
    const label = labels.find(
      ({ open, inner }) =>
        (id !== undefined && open.attributes.get('for') === id) ||
        (from >= open.to && from < open.to + inner.length),
    );
    const isChoice = type === 'radio' || type === 'checkbox';
    const isButton = type === 'submit' || type === 'image' || type === 'button';
    const value = attributes.get('value') ?? (isChoice ? 'on' : '');
    return [
      {
        name: attributes.get('name') ?? '',
        type,
        value,
        on: isChoice ? attributes.has('checked') : !isButton,
        label: isButton ? value : visibleText(label?.inner ?? ''),
      },
    ];
  });
}

function buttonsOf(html: string): Field[] {
  return elementsOf(html, 'button').flatMap(({ open, inner }) => {
    const type = open.attributes.get('type')?.toLowerCase() ?? 'submit';
    if (type !== 'submit') return [];
    const alternatives = tagsOf(inner).map((tag) => tag.attributes.get('alt') ?? '');
    const label = [visibleText(inner), ...alternatives].join(' ').trim();
    const { attributes } = open;
    return [
      {
        name: attributes.get('name') ?? '',
        type: 'submit',
        value: attributes.get('value') ?? '',
        on: false,
        label,
      },
    ];
  });
}

function selectsOf(html: string): Field[] {
  return elementsOf(html, 'select').flatMap(({ open, inner }) => {
    const options = elementsOf(inner, 'option');
    const selected = options.findIndex((option) => option.open.attributes.has('selected'));
    return options.map((option, index) => ({
      name: open.attributes.get('name') ?? '',
      type: 'option',
      value: option.open.attributes.get('value') ?? visibleText(option.inner),
      on: index === Math.max(selected, 0),
      label: visibleText(option.inner),
    }));
  });
}

function textAreasOf(html: string): Field[] {
  return elementsOf(html, 'textarea').map(({ open, inner }) => ({
    name: open.attributes.get('name') ?? '',
    type: 'textarea',
    value: unescapeHtml(inner),
    on: true,
    label: '',
  }));
}
