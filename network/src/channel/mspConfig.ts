import { msp } from '@hyperledger/fabric-protos';
import type { MspMaterial } from '../pki/index.js';

/** An organisation's MSP as a channel's configuration holds it. */
export function mspConfig(material: MspMaterial): msp.MSPConfig {
  const config = new msp.MSPConfig();
  config.setConfig(fabricMspConfig(material).serializeBinary());
  return config;
}

/** The part of it that Fabric's X.509 MSP reads. */
export function fabricMspConfig(material: MspMaterial): msp.FabricMSPConfig {
  const fabric = new msp.FabricMSPConfig();
  fabric.setName(material.mspId);
  fabric.setRootCertsList(material.rootCerts.map(bytes));
  fabric.setIntermediateCertsList(material.intermediateCerts.map(bytes));
  fabric.setTlsRootCertsList(material.tlsRootCerts.map(bytes));
  fabric.setTlsIntermediateCertsList(material.tlsIntermediateCerts.map(bytes));
  fabric.setAdminsList(material.admins.map(bytes));
  fabric.setRevocationListList(material.revocationList.map(bytes));
  fabric.setCryptoConfig(cryptoConfig());
  if (material.nodeOus.enabled) fabric.setFabricNodeOus(nodeOus(material.nodeOus.units));
  return fabric;
}

function cryptoConfig(): msp.FabricCryptoConfig {
  const config = new msp.FabricCryptoConfig();
  config.setSignatureHashFamily('SHA2');
  config.setIdentityIdentifierHashFunction('SHA256');
  return config;
}

function nodeOus(units: MspMaterial['nodeOus']['units']): msp.FabricNodeOUs {
  const ous = new msp.FabricNodeOUs();
  ous.setEnable(true);
  ous.setClientOuIdentifier(ouIdentifier(units.client));
  ous.setPeerOuIdentifier(ouIdentifier(units.peer));
  ous.setAdminOuIdentifier(ouIdentifier(units.admin));
  ous.setOrdererOuIdentifier(ouIdentifier(units.orderer));
  return ous;
}

function ouIdentifier(
  ou: { readonly unit: string; readonly certificate?: string } | undefined,
): msp.FabricOUIdentifier | undefined {
  if (ou === undefined) return undefined;
  const identifier = new msp.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(ou.unit);
  if (ou.certificate !== undefined) identifier.setCertificate(bytes(ou.certificate));
  return identifier;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}
