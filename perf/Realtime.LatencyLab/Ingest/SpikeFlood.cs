using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Realtime.Acquisition.ZeroMq;

namespace Realtime.LatencyLab.Ingest;

/// <summary>
/// Sends spike messages of the ZMQ Interface plugin as fast as they are taken. Headers are made once and only their numbers are
/// overwritten, so that the sender is not what limits the rate.
/// </summary>
internal sealed class SpikeFlood(int units, int snippetSamples)
{
    // Ten digits each, so that numbers can be overwritten in place.
    private const long FirstNumber = 1_000_000_000;
    private const string Envelope = "EVENT\0";

    /// <summary>Sends that many messages; unit rows go round.</summary>
    public void Send(PubSocket socket, long messages, CancellationToken stop)
    {
        var headers = Enumerable.Range(1, units).Select(unit => Encoding.ASCII.GetBytes(Header(unit, snippetSamples))).ToArray();
        var numberAt = Encoding.ASCII.GetString(headers[0]).IndexOf(FirstNumber.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var sampleAt = headers.Select(header => Encoding.ASCII.GetString(header).LastIndexOf(FirstNumber.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).ToArray();
        var envelope = Encoding.ASCII.GetBytes(Envelope);
        var payload = new byte[4 * snippetSamples];
        for (var i = 0; i < snippetSamples; i++) BinaryPrimitives.WriteSingleLittleEndian(payload.AsSpan(4 * i), -i);
        for (long n = 0; n < messages && !stop.IsCancellationRequested; n++)
        {
            var unit = (int)(n % units);
            Overwrite(headers[unit].AsSpan(numberAt, 10), FirstNumber + n);
            Overwrite(headers[unit].AsSpan(sampleAt[unit], 10), FirstNumber + n);
            socket.Send(envelope, headers[unit], payload);
        }
    }

    private static string Header(int unit, int samples) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "message_num": {{FirstNumber}},
          "type": "spike",
          "spike": {
            "stream": "probe",
            "source_node": 103,
            "electrode": "Electrode {{unit}}",
            "sample_num": {{FirstNumber}},
            "num_channels": 1,
            "num_samples": {{samples}},
            "sorted_id": 1,
            "threshold": [
              -50.0
            ]
          },
          "timestamp": 1700000001000
        }
        """).ReplaceLineEndings("\r\n");

    private static void Overwrite(Span<byte> digits, long value)
    {
        for (var at = digits.Length - 1; at >= 0; at--)
        {
            digits[at] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
