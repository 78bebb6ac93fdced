namespace Realtime.Models.Neuroformer;

/// <summary>Upstream's fixed embeddings of times and places, channel pairs (sine, cosine). Stateless; any thread.</summary>
internal static class Sinusoids
{
    private const double Base = 10000;

    /// <summary>Of a time; upstream's frequencies are float32, and so are these.</summary>
    public static void Time(double time, Span<float> row)
    {
        for (var pair = 0; pair < row.Length / 2; pair++)
        {
            var frequency = (float)Math.Exp(-2 * pair * Math.Log(Base) / row.Length);
            (row[2 * pair], row[2 * pair + 1]) = ((float)Math.Sin(time * frequency), (float)Math.Cos(time * frequency));
        }
    }

    /// <summary>Adds that of a place (index, 0) in a grid: half of the channels, rounded up to pairs, for each axis.</summary>
    public static void AddPlace(int index, Span<float> row)
    {
        var channels = 2 * ((row.Length + 3) / 4);
        for (var channel = 0; channel < row.Length; channel++)
        {
            var within = channel % channels;
            var angle = channel < channels ? index * (double)(float)Math.Pow(Base, -(within / 2) * 2.0 / channels) : 0;
            row[channel] += (float)(within % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }
    }
}
