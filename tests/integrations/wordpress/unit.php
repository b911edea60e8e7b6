<?php
/**
 * What the plugin decides, without a site: which settings are kept, which attributes the tag has and for whom, and what is told of WooCommerce's pages.
 * Prints a line for each check; the exit code says whether all hold.
 */

error_reporting( E_ALL );
set_error_handler(
	static function ( $level, $message, $file, $line ) {
		throw new ErrorException( $message, 0, $level, $file, $line );
	}
);
require __DIR__ . '/wordpress.php';
require __DIR__ . '/woocommerce.php';
require dirname( __DIR__, 3 ) . '/integrations/wordpress/polku/polku.php';

$failed = 0;
function same( $name, $is, $should ) {
	global $failed;
	$fine    = $is === $should;
	$failed += $fine ? 0 : 1;
	echo $fine ? "ok - $name\n" : "not ok - $name\n  is     " . json_encode( $is ) . "\n  should " . json_encode( $should ) . "\n";
}

$good = array(
	'key'       => 'pk_shop',
	'src'       => 'https://collect.example/polku/polku.js',
	'collector' => 'https://collect.example/v1/batch',
	'mode'      => 'feedback',
	'consent'   => 'wp-consent',
	'prompts'   => '/prompts.json',
	'questions' => 'default',
	'shop_name' => 'Kahvi <b>Kulma</b>',
	'chat'      => '',
	'money'     => 'rounded',
	'remember'  => 'no',
	'sensitive' => "/health/\n\n /apteekki",
	'staff'     => '1',
);
$complaints = array();
$complain   = static function ( $name, $message ) use ( &$complaints ) {
	$complaints[ $name ] = $message;
};
$clean = static function ( $sent, $old = null ) use ( $complain, &$complaints ) {
	$complaints = array();
	return Polku_Options::clean( $sent, $old ?? Polku_Options::DEFAULTS, $complain );
};

$kept = $clean( $good );
same( 'good settings are kept', array_diff_assoc( $kept, $good ), array( 'shop_name' => 'Kahvi Kulma', 'sensitive' => "/health/\n/apteekki", 'woo' => '' ) );
same( '… and nobody complains', $complaints, array() );
foreach (
	array(
		'key'       => array( 'pk shop', '"><script>', str_repeat( 'a', 65 ) ),
		'src'       => array( 'javascript:alert(1)', 'https://collect.example/other.js', '//collect.example/polku/polku.js' ),
		'collector' => array( 'ftp://collect.example', 'collect.example', 'data:text/html,x' ),
		'prompts'   => array( 'javascript:alert(1)' ),
		'mode'      => array( 'loud' ),
		'consent'   => array( 'everybody' ),
		'money'     => array( '1' ),
		'sensitive' => array( 'health' ),
	) as $name => $values
) {
	foreach ( $values as $value ) {
		$after = $clean( array_merge( $good, array( $name => $value ) ), $kept );
		same( "$name: $value is told of", array_keys( $complaints ), array( $name ) );
		same( "$name: $value is not kept", 'sensitive' === $name ? $after[ $name ] : $after[ $name ] === $kept[ $name ], 'sensitive' === $name ? '' : true );
	}
}
same( 'what is no form changes nothing that has a list', $clean( 'nonsense', $kept )['mode'], 'feedback' );
same( 'a list where a text belongs is no text', $clean( array_merge( $good, array( 'key' => array( 'x' ) ) ), $kept )['key'], '' );

$GLOBALS['wp']['options']['polku'] = $kept;
$attributes = Polku_Tag::attributes( Polku_Options::all(), '/shop/' );
same(
	'the tag has what differs from what Polku has anyway',
	$attributes,
	array(
		'async'          => true,
		'src'            => 'https://collect.example/polku/polku.js',
		'data-key'       => 'pk_shop',
		'data-collector' => 'https://collect.example/v1/batch',
		'data-mode'      => 'feedback',
		'data-consent'   => 'wp-consent',
		'data-remember'  => 'no',
		'data-prompts'   => '/prompts.json',
		'data-questions' => 'default',
		'data-shop-name' => 'Kahvi Kulma',
	)
);
same( 'pages of special content say so', Polku_Tag::attributes( $kept, '/health/pills' )['data-sensitive'], true );
same( 'without a name of its own the site has one', Polku_Tag::attributes( array_merge( $kept, array( 'shop_name' => '' ) ), '/' )['data-shop-name'], 'Kahvi "Kulma"' );
same( 'visitors have the tag', Polku_Tag::is_wanted( $kept ), true );
foreach ( array( 'edit_posts', 'manage_woocommerce' ) as $can ) {
	$GLOBALS['wp']['can'] = array( $can );
	same( "whoever may $can has none", Polku_Tag::is_wanted( $kept ), false );
	same( '… unless the shop wants it', Polku_Tag::is_wanted( array_merge( $kept, array( 'staff' => '' ) ) ), true );
}
$GLOBALS['wp']['can']     = array();
$GLOBALS['wp']['preview'] = true;
same( 'a preview has none', Polku_Tag::is_wanted( $kept ), false );
$GLOBALS['wp']['preview'] = false;
foreach ( array( 'key', 'src', 'collector' ) as $name ) {
	same( "without $name there is none", Polku_Tag::is_wanted( array_merge( $kept, array( $name => '' ) ) ), false );
}

$GLOBALS['cookies'] = array();
// As the WP Consent API has it.
function wp_add_cookie_info( $name, $service, $category, $expires, $function, $collected = '', $member = false, $administrator = false, $type = 'HTTP', $domain = false ) {
	$GLOBALS['cookies'][] = array( $name, $category, $type );
}
same( 'banners are told that consent is heeded', apply_filters( 'wp_consent_api_registered_polku/polku.php', false ), true );
Polku_Consent::declare_storage();
same(
	'… and what is stored, by category',
	$GLOBALS['cookies'],
	array(
		array( 'polku:1:visit, polku:1:tab', 'statistics', 'LOCALSTORAGE' ),
		array( 'polku:1:past, polku:1:asked', 'statistics', 'LOCALSTORAGE' ),
		array( 'polku_quiet', 'functional', 'HTTP' ),
	)
);

/** What a page of WooCommerce prints, read as a browser reads it. */
function printed() {
	ob_start();
	Polku_WooCommerce::print();
	$html = ob_get_clean();
	$document = new DOMDocument();
	@$document->loadHTML( '<?xml encoding="utf-8"?><body>' . $html . '</body>' );
	$found = $document->getElementById( 'polku-woocommerce' );
	same( 'no script is printed inline', preg_match( '#<script(?![^>]*(application/json|src=))#', $html ), 0 );
	return $found ? json_decode( $found->textContent, true ) : null;
}
$GLOBALS['wp']['options']['polku']['woo'] = '1';
$cup = array( 'item_id' => '8', 'item_name' => 'Ilta', 'price' => 23.9, 'quantity' => 3, 'item_category' => 'Kahvi & tee' );
$bag = array( 'item_id' => 'AAMU-250', 'item_name' => 'Aamu', 'price' => 23.95, 'quantity' => 1, 'item_category' => 'Kahvi & tee' );
foreach (
	array(
		''           => null,
		'product'    => array( 'view_item', array( 'currency' => 'EUR', 'value' => 23.95, 'items' => array( $bag ) ) ),
		'cart'       => array( 'view_cart', array( 'currency' => 'EUR', 'value' => 71.7, 'items' => array( $cup ) ) ),
		'checkout'   => array( 'begin_checkout', array( 'currency' => 'EUR', 'value' => 71.7, 'items' => array( $cup ) ) ),
		'order-pay'  => null,
		'view-order' => array( 'order_status_view', array() ),
	) as $page => $told
) {
	$GLOBALS['woo'] = $page;
	same( "page '$page'", printed(), $told );
}
$GLOBALS['woo']      = 'cart';
$GLOBALS['woo_cart'] = 'empty';
same( 'an empty cart is none', printed(), null );
$GLOBALS['woo'] = 'order-received';
Polku_WooCommerce::thank( 2001 );
same(
	'an order is a purchase',
	printed(),
	array(
		'purchase',
		array(
			'transaction_id' => '2001-A',
			'currency'       => 'EUR',
			'value'          => 53.8,
			'tax'            => 10.41,
			'shipping'       => 5.9,
			'payment_type'   => 'paytrail',
			'items'          => array( array_merge( $bag, array( 'quantity' => 2 ) ), array( 'item_name' => 'Gone', 'quantity' => 1, 'price' => 1 ) ),
		),
	)
);
Polku_WooCommerce::thank( 2000 );
same( 'an order of the day before yesterday is none', printed(), null );
Polku_WooCommerce::thank( 402 );
same( 'a payment that failed is one that was turned down', printed(), array( 'payment_declined', array( 'payment_type' => 'paytrail' ) ) );
Polku_WooCommerce::thank( 404 );
same( 'an order that is gone is none', printed(), null );
$GLOBALS['wp']['can'] = array( 'edit_posts' );
Polku_WooCommerce::thank( 2001 );
same( 'staff buys nothing', printed(), null );
$GLOBALS['wp']['can']                     = array();
$GLOBALS['wp']['options']['polku']['woo'] = '';
same( 'where the shop does not want it nothing is told', printed(), null );

echo $failed ? "$failed failed\n" : "all hold\n";
exit( $failed ? 1 : 0 );
