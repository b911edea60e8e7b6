<?php
/**
 * A double of what the plugin asks of WooCommerce, after its documented functions and classes. Which page it is says `$GLOBALS['woo']`, or the address
 * (`?woo=product`). WooCommerce itself is in no Debian package: with that the plugin has not been tried.
 */

class Woo_Product {
	public function __construct( private int $id, private string $sku, private string $name, private float $price, private int $parent = 0 ) {}
	public function get_id() { return $this->id; }
	public function get_sku() { return $this->sku; }
	public function get_name() { return $this->name; }
	public function get_parent_id() { return $this->parent; }
	public function price() { return $this->price; }
}
class Woo_Line {
	public function __construct( private $product, private int $quantity, private float $total ) {}
	public function get_product() { return $this->product; }
	public function get_quantity() { return $this->quantity; }
	public function get_name() { return 'Gone'; }
	public function total() { return $this->total; }
}
class Woo_Date {
	public function __construct( private int $at ) {}
	public function getTimestamp() { return $this->at; }
}
class Woo_Order {
	public function __construct( private string $status, private int $at ) {}
	public function has_status( $status ) { return $status === $this->status; }
	public function get_date_created() { return new Woo_Date( $this->at ); }
	public function get_order_number() { return '2001-A'; }
	public function get_currency() { return 'EUR'; }
	public function get_total() { return '53.80'; }
	public function get_total_tax() { return '10.41'; }
	public function get_shipping_total() { return '5.90'; }
	public function get_payment_method() { return 'paytrail'; }
	public function get_items() { return array( new Woo_Line( woo_products()[7], 2, 23.95 ), new Woo_Line( false, 1, 1.0 ) ); }
	public function get_item_total( $line, $tax ) { return $line->total(); }
}
class Woo_Cart {
	public function is_empty() { return 'empty' === ( $GLOBALS['woo_cart'] ?? '' ); }
	public function get_cart() { return array( array( 'data' => woo_products()[8], 'quantity' => 3 ) ); }
	public function get_total( $context ) { return '71.70'; }
}
function woo_products() {
	return array(
		7 => new Woo_Product( 7, 'AAMU-250', 'Aamu </script><b>', 23.95 ),
		8 => new Woo_Product( 8, '', 'Ilta', 23.9, 7 ),
	);
}
function woo_page() { return $GLOBALS['woo'] ?? ( $_GET['woo'] ?? '' ); }
function WC() { return (object) array( 'cart' => new Woo_Cart() ); }
function is_product() { return 'product' === woo_page(); }
function is_cart() { return 'cart' === woo_page(); }
function is_checkout() { return in_array( woo_page(), array( 'checkout', 'order-received', 'order-pay' ), true ); }
function is_wc_endpoint_url( $name = null ) {
	return null === $name ? in_array( woo_page(), array( 'order-received', 'order-pay', 'view-order' ), true ) : woo_page() === $name;
}
function wc_get_product( $id ) { return woo_products()[ 7 ]; }
function wc_get_order( $id ) { return 404 === $id ? false : new Woo_Order( 402 === $id ? 'failed' : 'processing', 2000 === $id ? time() - 90000 : time() ); }
function wc_get_price_to_display( $product ) { return $product->price(); }
function get_woocommerce_currency() { return 'EUR'; }
