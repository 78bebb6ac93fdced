using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Realtime.Acquisition.ZeroMq;

/// <summary>A TCP endpoint in ZeroMQ's notation: tcp://host:port. A host of * means every IPv4 interface and can only be bound.</summary>
/// <param name="Host">Name, IPv4 or IPv6 address (without brackets), or *.</param>
/// <param name="Port">1..65535; 0 asks for any free port and can only be bound.</param>
public sealed record ZmtpEndpoint(string Host, int Port)
{
    private const string Scheme = "tcp://";

    /// <summary>True for the host *, which is an address to listen on and never one to connect to.</summary>
    public bool IsWildcard => Host == "*";

    /// <summary>Reads "tcp://host:port", "host:port", "tcp://*:5556" or "tcp://[::1]:5556"; * as port means any free port.</summary>
    /// <param name="text">The text, as written in a config file.</param>
    /// <param name="endpoint">The endpoint when true is returned.</param>
    /// <param name="error">What is wrong and what was expected, when false is returned.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ZmtpEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = null;
        error = null;
        var rest = (text ?? "").Trim();
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && !rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            error = $"'{text}': the transport '{rest[..scheme]}' is not supported; only tcp:// is, such as tcp://127.0.0.1:5556";
            return false;
        }

        if (scheme >= 0) rest = rest[Scheme.Length..];
        var colon = rest.LastIndexOf(':');
        if (colon <= 0)
        {
            error = $"'{text}' has no port; write host:port, such as tcp://127.0.0.1:5556";
            return false;
        }

        var host = rest[..colon];
        var portText = rest[(colon + 1)..];
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']') host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            error = $"'{text}': an IPv6 address needs brackets, such as tcp://[::1]:5556";
            return false;
        }

        if (host != "*" && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            error = $"'{text}': '{host}' is neither a host name nor an IP address";
            return false;
        }

        var port = 0;
        if (portText != "*" && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535))
        {
            error = $"'{text}': the port '{portText}' is not a number from 0 to 65535";
            return false;
        }

        endpoint = new ZmtpEndpoint(host, port);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>, for endpoints written in code.</summary>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public static ZmtpEndpoint Parse(string text) =>
        TryParse(text, out var endpoint, out var error) ? endpoint : throw new FormatException(error);

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"tcp://[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"tcp://{Host}:{Port}");

    /// <summary>
    /// The address when no name service is needed. "localhost" is 127.0.0.1, as libzmq takes it with its IPv6 option off.
    /// </summary>
    internal bool TryGetAddress([NotNullWhen(true)] out IPAddress? address)
    {
        address = IsWildcard ? IPAddress.Any : null;
        if (address is not null) return true;
        if (string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IPAddress.Loopback;
            return true;
        }

        return IPAddress.TryParse(Host, out address) && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
    }
}
