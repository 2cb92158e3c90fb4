import { createContext, useContext } from 'react';
import type { Company } from '../api/types.ts';

const Current = createContext<Company | undefined>(undefined);

export const CompanyContext = Current.Provider;

/** The company whose pages these are. */
export function useCurrentCompany(): Company {
  const company = useContext(Current);
  if (company === undefined) throw new Error('There is no company above this component.');
  return company;
}
