/*
 * How ticket.c is used, with OpenSSL for the signature; a microcontroller brings its own library (mbed TLS, micro-ecc, a secure element).
 *
 *   cc -std=c99 ticket.c openssl.c -lcrypto -o ticket
 *
 * One question a line on stdin, one answer a line on stdout (enum ticket_answer):
 *   PUBLIC-KEY KEY-ID REGISTRY DEVICE LAST-COUNTER NOW TICKET
 * in hexadecimal, but DEVICE as text, the counter and the Unix seconds in decimal; NOW is - where there is no clock, TICKET is - for none.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ticket.h"

#define MOST_TEXT 4096
#define MOST_DER_BYTES 80

static EVP_PKEY *key_of(const uint8_t *point) {
  char group[] = "prime256v1";
  uint8_t copy[TICKET_POINT_BYTES];
  OSSL_PARAM parameters[3];
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
  EVP_PKEY *key = NULL;
  memcpy(copy, point, sizeof copy);
  parameters[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
  parameters[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof copy);
  parameters[2] = OSSL_PARAM_construct_end();
  if (context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
  }
  EVP_PKEY_CTX_free(context);
  return key;
}

/* OpenSSL wants the signature as ASN.1. */
static int der_of(const uint8_t *signature, uint8_t *der) {
  ECDSA_SIG *numbers = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(signature, 32, NULL);
  BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);
  int length = -1;
  if (numbers != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(numbers, r, s) == 1) {
    length = i2d_ECDSA_SIG(numbers, &der);
  } else {
    BN_free(r);
    BN_free(s);
  }
  ECDSA_SIG_free(numbers);
  return length;
}

static int verify(void *context, const uint8_t *point, const uint8_t *message, size_t length,
                  const uint8_t *signature) {
  uint8_t der[MOST_DER_BYTES];
  const int der_length = der_of(signature, der);
  EVP_PKEY *key = key_of(point);
  EVP_MD_CTX *digest = EVP_MD_CTX_new();
  int good = 0;
  (void)context;
  if (der_length > 0 && key != NULL && digest != NULL &&
      EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1) {
    good = EVP_DigestVerify(digest, der, (size_t)der_length, message, length) == 1;
  }
  EVP_MD_CTX_free(digest);
  EVP_PKEY_free(key);
  return good;
}

/* Returns the number of bytes, or -1. */
static long bytes_of(const char *text, uint8_t *bytes, size_t most) {
  size_t count = 0;
  unsigned value;
  if (strcmp(text, "-") == 0) {
    return 0;
  }
  for (; *text != '\0'; text += 2, count++) {
    if (count == most || sscanf(text, "%2x", &value) != 1) {
      return -1;
    }
    bytes[count] = (uint8_t)value;
  }
  return (long)count;
}

int main(void) {
  static char key_text[MOST_TEXT], id_text[MOST_TEXT], registry_text[MOST_TEXT], device[MOST_TEXT], now[MOST_TEXT],
      last[MOST_TEXT], ticket_text[MOST_TEXT];
  while (scanf("%4095s %4095s %4095s %4095s %4095s %4095s %4095s", key_text, id_text, registry_text, device, last, now,
               ticket_text) == 7) {
    uint8_t key[TICKET_POINT_BYTES], id[TICKET_KEY_ID_BYTES], registry[TICKET_REGISTRY_BYTES], bytes[MOST_TEXT / 2];
    struct ticket_reader reader;
    struct ticket found;
    uint8_t *exact;
    const long length = bytes_of(ticket_text, bytes, sizeof bytes);
    if (bytes_of(key_text, key, sizeof key) != sizeof key || bytes_of(id_text, id, sizeof id) != sizeof id ||
        bytes_of(registry_text, registry, sizeof registry) != sizeof registry || length < 0) {
      return 2;
    }
    reader.public_key = key;
    reader.key_id = id;
    reader.registry = registry;
    reader.device = device;
    reader.last_counter = strtoull(last, NULL, 10);
    reader.has_clock = strcmp(now, "-") != 0;
    reader.now = reader.has_clock ? strtoull(now, NULL, 10) : 0;
    reader.verify = verify;
    reader.context = NULL;
    /* A copy of exactly this size: a checker of memory then finds every byte that is read beyond its end. */
    exact = malloc(length > 0 ? (size_t)length : 1);
    if (exact == NULL) {
      return 3;
    }
    memcpy(exact, bytes, (size_t)length);
    printf("%d\n", (int)ticket_check(exact, (size_t)length, &reader, &found));
    free(exact);
  }
  return 0;
}
