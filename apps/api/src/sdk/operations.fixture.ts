import { CodatPlatform } from '@codat/platform';

/** Every operation that the SDK can call, by resource and method: `companies.list`. Read from its classes. */
export function sdkOperations(): string[] {
  const sdk = new CodatPlatform();
  return Object.entries(Object.getOwnPropertyDescriptors(CodatPlatform.prototype))
    .filter(([, descriptor]) => descriptor.get !== undefined)
    .flatMap(([resource]) => {
      const methods = Object.getPrototypeOf(Reflect.get(sdk, resource));
      return Object.getOwnPropertyNames(methods)
        .filter((method) => method !== 'constructor')
        .map((method) => `${resource}.${method}`);
    })
    .toSorted();
}
