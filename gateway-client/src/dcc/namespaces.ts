/** The namespaces of a certificate. They carry no version: all of 2.2 to 3.3 share them. */
export const DCC_NAMESPACE = 'https://ptb.de/dcc';
export const SI_NAMESPACE = 'https://ptb.de/si';
export const XMLDSIG_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
export const XSI_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';
