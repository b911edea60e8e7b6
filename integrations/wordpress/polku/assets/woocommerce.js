// Hands what WooCommerce says of this page to Polku: it is kept until Polku has come, and nothing is done with it before the shopper has agreed.
(function () {
  "use strict";
  var data = document.getElementById("polku-woocommerce");
  if (!data) return;
  var told;
  try {
    told = JSON.parse(data.textContent);
  } catch (error) {
    return;
  }
  window.polku =
    window.polku ||
    function () {
      (window.polku.q = window.polku.q || []).push([performance.now()].concat([].slice.call(arguments)));
    };
  if (told[0] === "payment_declined") window.polku("error", told[0], told[1]);
  else window.polku("track", told[0], told[1]);
})();
