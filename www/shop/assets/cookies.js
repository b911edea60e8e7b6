// The shop's own cookies.
const DAYS = 180;

export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; max-age=${DAYS * 86400}; path=/; samesite=lax${secure}`;
}

export const getCookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
