export {
  createVault,
  type Vault,
  type VaultBinding,
  VaultError,
  type VaultErrorCode,
  type VaultKey,
} from './vault.ts';
