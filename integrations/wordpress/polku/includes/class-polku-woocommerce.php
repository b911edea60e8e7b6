<?php
/**
 * What WooCommerce knows better than its pages say: numbers of products, prices, the order. It is printed as data, which a strict
 * Content-Security-Policy lets be, and handed to Polku by assets/woocommerce.js. Nothing goes through the shop's data layer: what others
 * have hung on that must not count twice.
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

/** Reads WooCommerce. */
class Polku_WooCommerce {
	/** An order is told of for a day: who opens the page of thanks again later has not bought again. */
	const DAY = 86400;
	/** As many items as Polku keeps of an event. */
	const ITEMS = 50;

	/** The order whose page of thanks this is. */
	private static $thanked = 0;

	/** Hooks in. */
	public static function init() {
		add_action( 'woocommerce_thankyou', array( __CLASS__, 'thank' ) );
		// Late: the page of thanks has been drawn by then.
		add_action( 'wp_footer', array( __CLASS__, 'print' ), 20 );
	}

	/** WooCommerce has seen to it that whoever looks at the order may. */
	public static function thank( $order_id ) {
		self::$thanked = (int) $order_id;
	}

	/** Prints what is to be told, and the script that tells it. */
	public static function print() {
		$options = Polku_Options::all();
		if ( '1' !== $options['woo'] || ! function_exists( 'WC' ) || ! Polku_Tag::is_wanted( $options ) ) {
			return;
		}
		$told = self::told();
		if ( null === $told ) {
			return;
		}
		/**
		 * What is told of this page: `array( name, data )`, or null.
		 *
		 * @param array $told The touchpoint and its data.
		 */
		$told = apply_filters( 'polku_woocommerce', $told );
		if ( ! $told ) {
			return;
		}
		// Data, and no script: `<` is written in a way that ends nothing.
		echo '<script type="application/json" id="polku-woocommerce">' . wp_json_encode( $told, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_SLASHES ) . "</script>\n"; // phpcs:ignore WordPress.Security.EscapeOutput
		wp_print_script_tag(
			array(
				'src' => plugins_url( 'assets/woocommerce.js', POLKU_FILE ) . '?ver=' . POLKU_VERSION,
			)
		);
	}

	/** The touchpoint that this page is, with its data; null where it is none. */
	public static function told() {
		if ( self::$thanked ) {
			return self::order( wc_get_order( self::$thanked ) );
		}
		if ( is_product() ) {
			$product = wc_get_product( get_queried_object_id() );
			return $product ? array( 'view_item', self::event( array( self::item( $product ) ) ) ) : null;
		}
		if ( is_cart() ) {
			return self::cart( 'view_cart' );
		}
		// The same page bears the order that is to be paid, and the one that was.
		if ( is_checkout() && ! is_wc_endpoint_url() ) {
			return self::cart( 'begin_checkout' );
		}
		if ( is_wc_endpoint_url( 'view-order' ) ) {
			return array( 'order_status_view', (object) array() );
		}
		return null;
	}

	/** An order: bought, or its payment turned down. */
	private static function order( $order ) {
		if ( ! $order ) {
			return null;
		}
		if ( $order->has_status( 'failed' ) ) {
			return array( 'payment_declined', array( 'payment_type' => $order->get_payment_method() ) );
		}
		$made = $order->get_date_created();
		if ( ! $made || time() - $made->getTimestamp() > self::DAY ) {
			return null;
		}
		$items = array();
		foreach ( $order->get_items() as $line ) {
			$product = $line->get_product();
			$price   = (float) $order->get_item_total( $line, true );
			$items[] = $product ? self::item( $product, $line->get_quantity(), $price ) : array(
				'item_name' => $line->get_name(),
				'quantity'  => $line->get_quantity(),
				'price'     => $price,
			);
		}
		return array(
			'purchase',
			array(
				// Hashed in the browser; it never leaves that.
				'transaction_id' => (string) $order->get_order_number(),
				'currency'       => $order->get_currency(),
				'value'          => (float) $order->get_total(),
				'tax'            => (float) $order->get_total_tax(),
				'shipping'       => (float) $order->get_shipping_total(),
				'payment_type'   => $order->get_payment_method(),
				'items'          => array_slice( $items, 0, self::ITEMS ),
			),
		);
	}

	/** What lies in the cart. */
	private static function cart( $name ) {
		$cart = WC()->cart;
		if ( ! $cart || $cart->is_empty() ) {
			return null;
		}
		$items = array();
		foreach ( $cart->get_cart() as $line ) {
			$items[] = self::item( $line['data'], $line['quantity'] );
		}
		return array( $name, self::event( array_slice( $items, 0, self::ITEMS ), (float) $cart->get_total( 'edit' ) ) );
	}

	/** An event about items; without a value it is the first one's price. */
	private static function event( array $items, $value = null ) {
		return array(
			'currency' => get_woocommerce_currency(),
			'value'    => null === $value ? $items[0]['price'] : $value,
			'items'    => $items,
		);
	}

	/** A product as GA4 writes it. */
	private static function item( $product, $quantity = 1, $price = null ) {
		$parent = $product->get_parent_id();
		$terms  = get_the_terms( $parent ? $parent : $product->get_id(), 'product_cat' );
		$item   = array(
			'item_id'   => (string) ( '' !== (string) $product->get_sku() ? $product->get_sku() : $product->get_id() ),
			'item_name' => wp_strip_all_tags( $product->get_name() ),
			'price'     => null === $price ? (float) wc_get_price_to_display( $product ) : $price,
			'quantity'  => $quantity,
		);
		if ( is_array( $terms ) && $terms ) {
			$item['item_category'] = $terms[0]->name;
		}
		return $item;
	}
}
