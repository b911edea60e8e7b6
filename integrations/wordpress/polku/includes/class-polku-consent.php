<?php
/**
 * The WP Consent API: the widget reads the visitor's choice itself, in the browser. Here only is said that it does, and what it would store.
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

/** Tells banners what to ask for. */
class Polku_Consent {
	/** Hooks in. */
	public static function init() {
		add_filter( 'wp_consent_api_registered_' . plugin_basename( POLKU_FILE ), '__return_true' );
		add_action( 'init', array( __CLASS__, 'declare_storage' ), 20 );
		add_action( 'admin_init', array( __CLASS__, 'suggest_policy' ) );
	}

	/** What is stored with consent, for the lists that banners show. */
	public static function declare_storage() {
		if ( ! function_exists( 'wp_add_cookie_info' ) ) {
			return;
		}
		$service = 'Polku';
		wp_add_cookie_info( 'polku:1:visit, polku:1:tab', $service, 'statistics', __( '30 minutes', 'polku' ), __( 'Follows the path of one visit over its pages.', 'polku' ), __( 'A random number of this visit.', 'polku' ), false, false, 'LOCALSTORAGE' );
		wp_add_cookie_info( 'polku:1:past, polku:1:asked', $service, 'statistics', __( '13 months', 'polku' ), __( 'Knows a return visit, and does not ask the same twice.', 'polku' ), __( 'Counts and days; no number of yours.', 'polku' ), false, false, 'LOCALSTORAGE' );
		if ( 'feedback' === Polku_Options::all()['mode'] ) {
			wp_add_cookie_info( 'polku_quiet', $service, 'functional', __( 'Session', 'polku' ), __( 'Remembers that you said "not now".', 'polku' ), __( 'No data of yours.', 'polku' ), false, false );
		}
	}

	/** A draft for the site's privacy policy. */
	public static function suggest_policy() {
		if ( function_exists( 'wp_add_privacy_policy_content' ) ) {
			wp_add_privacy_policy_content(
				'Polku',
				wp_kses_post( '<p>' . __( 'With your consent to statistics this shop follows the path of your visit (pages, products, what got in the way), under a random number and without your name or address, and may ask you a short question. You can see what was stored and sent, and erase it, where this site shows it.', 'polku' ) . '</p>' )
			);
		}
	}
}
