// A file locked by a passphrase, in the age format (age-encryption.org/v1), made with nothing of ours:
// backups of other releases, and of people who mean harm.
import { createCipheriv, createHmac, hkdfSync, randomBytes, scryptSync } from 'node:crypto';

const b64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

function sealed(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const derived = (key: Buffer, salt: Buffer, info: string) => Buffer.from(hkdfSync('sha256', key, salt, info, 32));

/** `text` in one file; at most 64 KiB. The header may claim another work factor than was spent. */
export function ageFile(text: string, passphrase: string, claimed = 10): Buffer {
  const [fileKey, salt, nonce] = [randomBytes(16), randomBytes(16), randomBytes(16)];
  const spent = Math.min(claimed, 10);
  const labelled = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]);
  const wrapping = scryptSync(passphrase, labelled, 32, { N: 2 ** spent, r: 8, p: 1 });
  const wrapped = sealed(wrapping, Buffer.alloc(12), fileKey);
  const header = `age-encryption.org/v1\n-> scrypt ${b64(salt)} ${claimed}\n${b64(wrapped)}\n---`;
  const mac = createHmac('sha256', derived(fileKey, Buffer.alloc(0), 'header')).update(header).digest();
  const last = Buffer.concat([Buffer.alloc(11), Buffer.from([1])]);
  const payload = sealed(derived(fileKey, nonce, 'payload'), last, Buffer.from(text));
  return Buffer.concat([Buffer.from(`${header} ${b64(mac)}\n`), nonce, payload]);
}
