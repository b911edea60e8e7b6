<?php
/**
 * Plugin Name:       Polku
 * Description:       Follows the purchase path of your shop, asks a short question at the moments that matter, and sends both, with consent, to a collector of your choice.
 * Version:           0.1.0
 * Requires at least: 6.0
 * Requires PHP:      7.4
 * License:           MIT OR Apache-2.0
 * Text Domain:       polku
 * Domain Path:       /languages
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

define( 'POLKU_VERSION', '0.1.0' );
define( 'POLKU_FILE', __FILE__ );

require_once __DIR__ . '/includes/class-polku-options.php';
require_once __DIR__ . '/includes/class-polku-tag.php';
require_once __DIR__ . '/includes/class-polku-consent.php';
require_once __DIR__ . '/includes/class-polku-woocommerce.php';

Polku_Tag::init();
Polku_Consent::init();
Polku_WooCommerce::init();

if ( is_admin() ) {
	require_once __DIR__ . '/includes/class-polku-settings.php';
	Polku_Settings::init();
}

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'polku', false, dirname( plugin_basename( POLKU_FILE ) ) . '/languages' );
	}
);
