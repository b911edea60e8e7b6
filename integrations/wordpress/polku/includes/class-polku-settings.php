<?php
/**
 * The page of settings. WordPress's own form handler checks the nonce and the capability.
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

/** Draws it, and takes what it sends. */
class Polku_Settings {
	const GROUP      = 'polku';
	const CAPABILITY = 'manage_options';

	/** Hooks in. */
	public static function init() {
		add_action( 'admin_menu', array( __CLASS__, 'menu' ) );
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( POLKU_FILE ), array( __CLASS__, 'link' ) );
	}

	/** Its place in the menu. */
	public static function menu() {
		add_options_page( 'Polku', 'Polku', self::CAPABILITY, 'polku', array( __CLASS__, 'draw' ) );
	}

	/** The link beside the plugin's name. */
	public static function link( $links ) {
		array_unshift( $links, '<a href="' . esc_url( admin_url( 'options-general.php?page=polku' ) ) . '">' . esc_html__( 'Settings', 'polku' ) . '</a>' );
		return $links;
	}

	/** Tells WordPress what is set here. */
	public static function register() {
		register_setting(
			self::GROUP,
			Polku_Options::NAME,
			array(
				'type'              => 'array',
				'sanitize_callback' => array( __CLASS__, 'clean' ),
				'show_in_rest'      => false,
			)
		);
	}

	/** What may be kept of what was sent. */
	public static function clean( $sent ) {
		return Polku_Options::clean(
			$sent,
			Polku_Options::all(),
			static function ( $name, $message ) {
				add_settings_error( Polku_Options::NAME, 'polku_' . $name, $message );
			}
		);
	}

	/** Name, words and explanation of each text field. */
	private static function fields() {
		return array(
			'key'       => array( __( 'Key', 'polku' ), __( 'The shop’s name in what is sent: letters, digits, "_" and "-".', 'polku' ) ),
			'src'       => array( __( 'Script', 'polku' ), __( 'The address of polku.js. A collector of Polku has it under /polku/polku.js.', 'polku' ) ),
			'collector' => array( __( 'Collector', 'polku' ), __( 'Where events go, such as https://collect.example/v1/batch.', 'polku' ) ),
			'prompts'   => array( __( 'Prompts', 'polku' ), __( 'The address of a JSON file with your questions; empty for none.', 'polku' ) ),
			'chat'      => array( __( 'Conversations', 'polku' ), __( 'The address of the chat, such as https://collect.example/v1/chat; empty for none.', 'polku' ) ),
			'shop_name' => array( __( 'Name in questions', 'polku' ), __( 'Empty: the name of this site.', 'polku' ) ),
		);
	}

	/** What a choice is called. */
	private static function choices() {
		return array(
			'mode'     => array( __( 'Mode', 'polku' ), __( 'strict: nothing happens before the shopper agrees to statistics. feedback: who has not decided may be asked on the order page; the answer leaves alone.', 'polku' ) ),
			'consent'  => array( __( 'Consent platform', 'polku' ), __( 'auto: whichever the site has, the WP Consent API among them.', 'polku' ) ),
			'money'    => array( __( 'Amounts', 'polku' ), __( 'rounded: two significant digits.', 'polku' ) ),
			'remember' => array( __( 'Return visits', 'polku' ), __( 'no: nothing is remembered beyond a visit.', 'polku' ) ),
		);
	}

	/** Draws the page. */
	public static function draw() {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return;
		}
		$options = Polku_Options::all();
		$name    = static function ( $key ) {
			return esc_attr( Polku_Options::NAME . "[$key]" );
		};
		echo '<div class="wrap"><h1>Polku</h1>';
		if ( ! Polku_Options::is_complete( $options ) ) {
			echo '<div class="notice notice-warning inline"><p>' . esc_html__( 'Key, script and collector are needed: without them no page has the tag.', 'polku' ) . '</p></div>';
		}
		echo '<form method="post" action="options.php">';
		settings_fields( self::GROUP );
		echo '<table class="form-table" role="presentation">';
		foreach ( self::fields() as $key => list( $label, $about ) ) {
			$id = 'polku-' . $key;
			printf(
				'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input class="regular-text code" type="text" id="%1$s" name="%3$s" value="%4$s" aria-describedby="%1$s-about"><p class="description" id="%1$s-about">%5$s</p></td></tr>',
				esc_attr( $id ),
				esc_html( $label ),
				$name( $key ), // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
				esc_attr( $options[ $key ] ),
				esc_html( $about )
			);
		}
		foreach ( self::choices() as $key => list( $label, $about ) ) {
			$id = 'polku-' . $key;
			echo '<tr><th scope="row"><label for="' . esc_attr( $id ) . '">' . esc_html( $label ) . '</label></th><td><select id="' . esc_attr( $id ) . '" name="' . $name( $key ) . '" aria-describedby="' . esc_attr( $id ) . '-about">'; // phpcs:ignore WordPress.Security.EscapeOutput
			foreach ( Polku_Options::LISTS[ $key ] as $value ) {
				echo '<option value="' . esc_attr( $value ) . '"' . selected( $options[ $key ], $value, false ) . '>' . esc_html( $value ) . '</option>';
			}
			echo '</select><p class="description" id="' . esc_attr( $id ) . '-about">' . esc_html( $about ) . '</p></td></tr>';
		}
		$ticks = array(
			'questions' => array( 'default', __( 'Ask Polku’s own questions, in the language of the page', 'polku' ) ),
			'staff'     => array( '1', __( 'Leave out whoever may edit this site or manage the shop', 'polku' ) ),
			'woo'       => array( '1', __( 'Tell Polku what WooCommerce knows of products, carts and orders', 'polku' ) ),
		);
		foreach ( $ticks as $key => list( $value, $label ) ) {
			echo '<tr><td colspan="2"><label><input type="checkbox" name="' . $name( $key ) . '" value="' . esc_attr( $value ) . '"' . checked( $options[ $key ], $value, false ) . '> ' . esc_html( $label ) . '</label></td></tr>'; // phpcs:ignore WordPress.Security.EscapeOutput
		}
		echo '<tr><th scope="row"><label for="polku-sensitive">' . esc_html__( 'Special content', 'polku' ) . '</label></th><td><textarea class="large-text code" rows="3" id="polku-sensitive" name="' . $name( 'sensitive' ) . '">' . esc_textarea( $options['sensitive'] ) . '</textarea><p class="description">' . esc_html__( 'Beginnings of paths, a line each, such as /health/: of these pages neither names nor products nor search terms leave.', 'polku' ) . '</p></td></tr>'; // phpcs:ignore WordPress.Security.EscapeOutput
		echo '</table>';
		submit_button();
		echo '</form></div>';
	}
}
