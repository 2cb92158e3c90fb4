/** Kashoo Cloud Accounting, or TrulySmall Accounting (Kashoo 2.0). */
type Product = 'classic' | 'trulysmall';

export interface SandboxUser {
  id: bigint;
  name: string;
  email: string;
  /** What makes this user worth signing in as, shown on the consent page. */
  note: string;
}

export interface BusinessProfile {
  id: bigint;
  /** Every id of this business's own data lies in `[idBase, idBase + ID_SPAN)`. */
  idBase: bigint;
  owner: bigint;
  name: string;
  product: Product;
  homeCurrency: string;
  fiscalYearEnd: string;
  address: { street: string; city: string; province: string; postalCode: string; country: string };
  /** `dataset` books come from the CSV of sales lines, `generated` ones from the seed. */
  source: 'generated' | 'dataset';
}

export const ID_SPAN = 1_000_000_000n;

export const DEFAULT_USER = 1001n;

export const USERS: readonly SandboxUser[] = [
  { id: DEFAULT_USER, name: 'Maya Tremblay', email: 'maya@harbourandpine.example', note: 'one business' },
  {
    id: 1002n,
    name: 'Sam Okafor',
    email: 'sam@northernlights.example',
    note: 'three businesses, one of them on TrulySmall',
  },
  {
    id: 1003n,
    name: 'Zoë “Zed” O’Connor-Łukasiewicz',
    email: "zoe.o'connor@cafe-ete.example",
    note: 'one business, ids above 2^53',
  },
  {
    id: 1004n,
    name: 'Priya Natarajan',
    email: 'priya@pocketstudio.example',
    note: 'one business on TrulySmall',
  },
  { id: 1005n, name: 'Noah Newcomer', email: 'noah@newcomer.example', note: 'no business yet' },
];

const VANCOUVER = {
  street: '318 Water Street',
  city: 'Vancouver',
  province: 'BC',
  postalCode: 'V6B 1B6',
  country: 'CA',
};

const GENERATED: readonly BusinessProfile[] = [
  {
    id: 123456789n,
    idBase: 11_000_000_000n,
    owner: DEFAULT_USER,
    name: 'Harbour & Pine Outfitters Ltd.',
    product: 'classic',
    homeCurrency: 'CAD',
    fiscalYearEnd: '12-31',
    address: VANCOUVER,
    source: 'generated',
  },
  {
    id: 123456801n,
    idBase: 12_000_000_000n,
    owner: 1002n,
    name: 'Northern Lights Bakery',
    product: 'classic',
    homeCurrency: 'CAD',
    fiscalYearEnd: '12-31',
    source: 'generated',
    address: {
      street: '12 Aurora Way',
      city: 'Whitehorse',
      province: 'YT',
      postalCode: 'Y1A 2B3',
      country: 'CA',
    },
  },
  {
    id: 123456802n,
    idBase: 13_000_000_000n,
    owner: 1002n,
    name: "Sam's Bikes & Repairs",
    product: 'classic',
    homeCurrency: 'USD',
    fiscalYearEnd: '06-30',
    source: 'generated',
    address: {
      street: '77 Spoke Avenue',
      city: 'Portland',
      province: 'OR',
      postalCode: '97205',
      country: 'US',
    },
  },
  {
    id: 123456803n,
    idBase: 14_000_000_000n,
    owner: 1002n,
    name: 'Okafor Consulting',
    product: 'trulysmall',
    homeCurrency: 'CAD',
    fiscalYearEnd: '12-31',
    address: VANCOUVER,
    source: 'generated',
  },
  {
    // Just above 2^53: a reader that goes through doubles meets the wrong business here.
    id: 9_007_199_254_740_993n,
    idBase: 9_007_200_000_000_001n,
    owner: 1003n,
    name: 'Café « L’Été » & "Fils" <Montréal>',
    product: 'classic',
    homeCurrency: 'CAD',
    fiscalYearEnd: '12-31',
    source: 'generated',
    address: {
      street: '5, rue de l’Église',
      city: 'Montréal',
      province: 'QC',
      postalCode: 'H2X 1Y4',
      country: 'CA',
    },
  },
  {
    id: 123456804n,
    idBase: 15_000_000_000n,
    owner: 1004n,
    name: 'Pocket Studio',
    product: 'trulysmall',
    homeCurrency: 'CAD',
    fiscalYearEnd: '12-31',
    address: VANCOUVER,
    source: 'generated',
  },
];

const FROM_DATASET: BusinessProfile = {
  id: 123456790n,
  idBase: 20_000_000_000n,
  owner: DEFAULT_USER,
  name: 'Gift & Home Wholesale Ltd',
  product: 'classic',
  homeCurrency: 'GBP',
  fiscalYearEnd: '12-31',
  source: 'dataset',
  address: { street: '9 Albion Yard', city: 'London', province: '', postalCode: 'E1 5BW', country: 'GB' },
};

/** The businesses of one sandbox. With a dataset, the default user's business is the one built from it. */
export function businessesOf(withDataset: boolean): readonly BusinessProfile[] {
  return withDataset ? [FROM_DATASET, ...GENERATED.filter(({ owner }) => owner !== DEFAULT_USER)] : GENERATED;
}
