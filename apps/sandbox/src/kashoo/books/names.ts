import type { Random } from '../../random.ts';

/** Names that have broken software before: they take the first ranks, so that even the smallest books hold them. */
const DIFFICULT_NAMES: readonly string[] = [
  "D'Angelo & Sons",
  'Zoë Müller-Łukasiewicz',
  'The "Quoted" Company',
  '株式会社さくら',
  'שלום ובניו בע״מ',
  'Ångström Élan SARL',
  '🌲 Evergreen Gifts',
  'Ng',
  'O’Reilly \\ Backslash Ltd',
  '<b>Bold</b> Ideas',
  'ООО «Берёзка»',
  'مكتبة النور',
  '50% Off; DROP TABLE',
  'Tab\tand line\nbreak Inc.',
  'İstanbul Çay A.Ş.',
];

const GIVEN = [
  'Amara',
  'Benoît',
  'Chloé',
  'Dmitri',
  'Eilidh',
  'Fatima',
  'Gustavo',
  'Hana',
  'Ingrid',
  'Jomo',
  'Kavya',
  'Liam',
  'Mei',
  'Niamh',
  'Oskar',
  'Paloma',
  'Quentin',
  'Rosa',
  'Søren',
  'Tariq',
  'Uma',
  'Viggo',
  'Wren',
  'Xiomara',
  'Yusuf',
  'Zsófia',
];
const FAMILY = [
  'Abara',
  'Bélanger',
  'Chen',
  "D'Souza",
  'Eriksson',
  'Fortin',
  'García',
  'Hughes',
  'Ivanova',
  'Jensen',
  'Kowalski',
  'Lefebvre',
  'Müller',
  'Nguyễn',
  "O'Brien",
  'Patel',
  'Quispe',
  'Rossi',
  'Singh',
  'Tanaka',
  'Ueda',
  'Vásquez',
  'Walsh',
  'Xu',
  'Yılmaz',
  'Zhou',
];
const TRADES = [
  'Bakery',
  'Books',
  'Builders',
  'Cafe',
  'Cycles',
  'Design',
  'Electric',
  'Farms',
  'Florists',
  'Foods',
  'Gallery',
  'Hardware',
  'Imports',
  'Kitchens',
  'Landscaping',
  'Outfitters',
  'Pharmacy',
  'Plumbing',
  'Press',
  'Roofing',
  'Studios',
  'Textiles',
  'Travel',
  'Yoga',
];
const FORMS = ['Ltd.', 'Inc.', '& Co.', 'Co-op', 'LLP', 'Group'];
const STREETS = [
  'Alder Street',
  'Bay Road',
  'Commercial Drive',
  'Rue Saint-Denis',
  'Elm Crescent',
  "King's Parade",
  'Main Street',
  'Ocean View',
  '4th Avenue West',
];
const CITIES: readonly (readonly [city: string, province: string, postalCode: string, country: string])[] = [
  ['Vancouver', 'BC', 'V5K 0A1', 'CA'],
  ['Montréal', 'QC', 'H3A 1A1', 'CA'],
  ['Toronto', 'ON', 'M5V 2T6', 'CA'],
  ['Halifax', 'NS', 'B3H 1Z2', 'CA'],
  ['Seattle', 'WA', '98101', 'US'],
  ['München', '', '80331', 'DE'],
  ['London', '', 'SW1A 1AA', 'GB'],
  ['大阪市', '', '530-0001', 'JP'],
  ['Calgary', 'AB', 'T2P 1J9', 'CA'],
];
const GOODS = [
  'Canvas tote',
  'Enamel mug',
  'Wool blanket',
  'Cedar planter',
  'Beeswax candle',
  'Field notebook',
  'Rain jacket',
  'Cast-iron pan',
  'Linen apron',
  'Maple board',
  'Trail map',
  'Water bottle 1 l',
  'Thé glacé “Été”',
  'Gift card',
  'Delivery',
  'Workshop (per hour)',
  'Repair 1/2 day',
  'Fitting & set-up',
];
const FINISHES = ['small', 'large', 'blue', 'natural', 'limited edition', 'pack of 6', 'refurbished'];

export interface Persona {
  name: string;
  organization: boolean;
  street: string;
  city: string;
  province: string;
  postalCode: string;
  country: string;
  phone: string;
  email: string;
}

/** A customer or supplier: the first ones bear the difficult names. */
export function persona(random: Random, rank: number): Persona {
  const organization = random.chance(600);
  const family = random.pick(FAMILY);
  const invented = organization
    ? `${family} ${random.pick(TRADES)} ${random.pick(FORMS)}`
    : `${random.pick(GIVEN)} ${family}`;
  // Two out of three low ranks are difficult; beyond the lists, a rank keeps invented names apart.
  const difficult = rank % 3 === 2 ? undefined : DIFFICULT_NAMES[rank - Math.floor(rank / 3)];
  const name = difficult ?? (rank > 40 ? `${invented} ${rank}` : invented);
  const [city, province, postalCode, country] = random.pick(CITIES);
  return {
    name,
    organization,
    city,
    province,
    postalCode,
    country,
    street: `${random.int(1, 9999)} ${random.pick(STREETS)}`,
    phone: random.chance(800) ? `+1 604 555 0${random.int(100, 199)}` : '',
    email: random.chance(850) ? `accounts${rank}@customer${rank}.example` : '',
  };
}

/** The name of the item at `rank`. */
export function itemName(random: Random, rank: number): string {
  const good = GOODS[rank % GOODS.length] ?? 'Sundry';
  return rank < GOODS.length ? good : `${good}, ${random.pick(FINISHES)} ${rank}`;
}
