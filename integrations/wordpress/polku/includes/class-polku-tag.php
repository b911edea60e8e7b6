<?php
/**
 * The script tag.
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

/** Prints it, and decides on which pages. */
class Polku_Tag {
	/** Hooks in. */
	public static function init() {
		add_action( 'wp_head', array( __CLASS__, 'print' ), 5 );
		add_filter( 'wp_resource_hints', array( __CLASS__, 'hints' ), 10, 2 );
	}

	/** Whether this page has one: not for the shop's own staff, nor where pages are put together. */
	public static function is_wanted( array $options ) {
		if ( ! Polku_Options::is_complete( $options ) || is_customize_preview() || is_preview() || is_feed() || is_embed() ) {
			return false;
		}
		$staff = '1' === $options['staff'] && ( current_user_can( 'edit_posts' ) || current_user_can( 'manage_woocommerce' ) );
		/**
		 * Whether the tag is printed on this page.
		 *
		 * @param bool  $wanted  What the settings say.
		 * @param array $options The settings.
		 */
		return (bool) apply_filters( 'polku_is_wanted', ! $staff, $options );
	}

	/**
	 * The attributes of the tag; those without a value stand alone.
	 *
	 * @param array  $options The settings.
	 * @param string $path    The path that was asked for.
	 */
	public static function attributes( array $options, $path ) {
		$attributes = array(
			'async'          => true,
			'src'            => $options['src'],
			'data-key'       => $options['key'],
			'data-collector' => $options['collector'],
		);
		// What is as Polku has it anyway need not be said.
		foreach ( array( 'mode' => 'strict', 'consent' => 'auto', 'money' => 'rounded', 'remember' => 'yes', 'prompts' => '', 'questions' => '', 'chat' => '' ) as $name => $default ) {
			if ( $options[ $name ] !== $default ) {
				$attributes[ 'data-' . $name ] = $options[ $name ];
			}
		}
		if ( '' !== $options['questions'] ) {
			$attributes['data-shop-name'] = '' !== $options['shop_name'] ? $options['shop_name'] : wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES );
		}
		foreach ( array_filter( explode( "\n", $options['sensitive'] ) ) as $prefix ) {
			if ( 0 === strpos( $path, $prefix ) ) {
				$attributes['data-sensitive'] = true;
			}
		}
		/**
		 * The attributes of the tag, for what the settings do not know.
		 *
		 * @param array  $attributes Names and values; `true` stands without a value.
		 * @param string $path       The path that was asked for.
		 */
		return (array) apply_filters( 'polku_attributes', $attributes, $path );
	}

	/** The path that was asked for. */
	public static function path() {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- compared, never printed.
		return isset( $_SERVER['REQUEST_URI'] ) ? (string) wp_parse_url( wp_unslash( $_SERVER['REQUEST_URI'] ), PHP_URL_PATH ) : '/';
	}

	/** Prints it into the head. WordPress escapes the attributes, and lets a nonce be added (`wp_script_attributes`). */
	public static function print() {
		$options = Polku_Options::all();
		if ( self::is_wanted( $options ) ) {
			wp_print_script_tag( self::attributes( $options, self::path() ) );
		}
	}

	/** The line to the package's host is opened early. */
	public static function hints( $urls, $relation ) {
		$options = Polku_Options::all();
		if ( 'preconnect' === $relation && preg_match( '#^https?://[^/]+#i', $options['src'], $found ) && self::is_wanted( $options ) ) {
			$urls[] = array(
				'href'        => $found[0],
				'crossorigin' => 'anonymous',
			);
		}
		return $urls;
	}
}
