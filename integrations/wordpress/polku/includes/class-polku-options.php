<?php
/**
 * What the shop has set, and what may be set.
 *
 * @package Polku
 */

defined( 'ABSPATH' ) || exit;

/** One option holds all of it. */
class Polku_Options {
	const NAME = 'polku';

	/** Values that an attribute of the tag may have; others keep Polku off, so they are not let in. */
	const LISTS = array(
		'mode'     => array( 'strict', 'feedback' ),
		'consent'  => array( 'auto', 'api', 'tcf', 'google', 'cookiebot', 'onetrust', 'usercentrics', 'didomi', 'klaro', 'cookieyes', 'cookie-information', 'complianz', 'wp-consent' ),
		'money'    => array( 'rounded', 'exact' ),
		'remember' => array( 'yes', 'no' ),
	);

	/** Addresses, by their names. */
	const URLS = array( 'src', 'collector', 'prompts', 'chat' );

	/** Before anybody has set anything. */
	const DEFAULTS = array(
		'key'       => '',
		'src'       => '',
		'collector' => '',
		'mode'      => 'strict',
		'consent'   => 'auto',
		'prompts'   => '',
		'questions' => '',
		'shop_name' => '',
		'chat'      => '',
		'money'     => 'rounded',
		'remember'  => 'yes',
		'sensitive' => '',
		'staff'     => '1',
		'woo'       => '1',
	);

	/** All of it. */
	public static function all() {
		$saved = get_option( self::NAME, array() );
		return array_merge( self::DEFAULTS, is_array( $saved ) ? array_intersect_key( $saved, self::DEFAULTS ) : array() );
	}

	/** Whether there is enough for a tag. */
	public static function is_complete( array $options ) {
		return '' !== $options['key'] && '' !== $options['src'] && '' !== $options['collector'];
	}

	/**
	 * What may be kept of what was sent. What is wrong keeps its old value, and `$complain( $name, $message )` is told of it.
	 *
	 * @param mixed    $sent     What the form says.
	 * @param array    $old      What is kept so far.
	 * @param callable $complain Is told of what is wrong.
	 */
	public static function clean( $sent, array $old, callable $complain ) {
		$sent  = is_array( $sent ) ? $sent : array();
		$clean = $old;
		$text  = static function ( $name ) use ( $sent ) {
			return isset( $sent[ $name ] ) && is_scalar( $sent[ $name ] ) ? trim( (string) $sent[ $name ] ) : '';
		};
		$key   = $text( 'key' );
		if ( '' === $key || preg_match( '/^[\w-]{1,64}$/', $key ) ) {
			$clean['key'] = $key;
		} else {
			$complain( 'key', __( 'The key may hold letters, digits, "_" and "-", 64 at most.', 'polku' ) );
		}
		foreach ( self::URLS as $name ) {
			$url = $text( $name );
			// Relative addresses are the site's own.
			$fine = '' === $url || preg_match( '#^(https?://[^\s/]|/[^/\\\\])#i', $url );
			if ( $fine && ( '' === $url || '' !== esc_url_raw( $url, array( 'http', 'https' ) ) ) ) {
				$clean[ $name ] = esc_url_raw( $url, array( 'http', 'https' ) );
			} else {
				/* translators: %s: the name of a setting. */
				$complain( $name, sprintf( __( '%s: give an address that begins with https:// or with a slash.', 'polku' ), $name ) );
			}
		}
		if ( '' !== $clean['src'] && ! preg_match( '#/polku(-[\d.]+)?\.js(\?|$)#', $clean['src'] ) ) {
			$clean['src'] = $old['src'];
			$complain( 'src', __( 'The script is the address of polku.js, with the other files of the package beside it.', 'polku' ) );
		}
		foreach ( self::LISTS as $name => $values ) {
			$value = $text( $name );
			if ( in_array( $value, $values, true ) ) {
				$clean[ $name ] = $value;
			} elseif ( '' !== $value ) {
				/* translators: 1: the name of a setting, 2: the values that it may have. */
				$complain( $name, sprintf( __( '%1$s: choose one of %2$s.', 'polku' ), $name, implode( ', ', $values ) ) );
			}
		}
		$clean['questions'] = 'default' === $text( 'questions' ) ? 'default' : '';
		$clean['shop_name'] = mb_substr( sanitize_text_field( $text( 'shop_name' ) ), 0, 60 );
		foreach ( array( 'staff', 'woo' ) as $name ) {
			$clean[ $name ] = '' === $text( $name ) ? '' : '1';
		}
		$paths              = array_filter( array_map( 'trim', preg_split( '/\R/', $text( 'sensitive' ) ) ) );
		$clean['sensitive'] = implode( "\n", array_map( 'sanitize_text_field', preg_grep( '#^/#', $paths ) ) );
		if ( count( preg_grep( '#^/#', $paths ) ) < count( $paths ) ) {
			$complain( 'sensitive', __( 'Each path of special content begins with a slash.', 'polku' ) );
		}
		return $clean;
	}
}
