using Realtime.Engine.Decoding;

namespace Realtime.Models.Tests.Possm;

/// <summary>A random stream of spikes cut into chunks: empty ones, quiet ones, and bursts of 100 times the rate; spikes on chunk borders.</summary>
internal sealed class SpikeStream
{
    private readonly (long[] Times, int[] Units)[] _chunks;

    public SpikeStream(Random random, int chunks, long chunkNs, int units, int rate = 8)
    {
        ChunkNs = chunkNs;
        _chunks = new (long[] Times, int[] Units)[chunks];
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var count = random.Next(20) switch { < 4 => 0, 4 => 100 * rate, 5 => 1, _ => random.Next(2 * rate) };
            var times = Enumerable.Range(0, count).Select(_ => chunk * chunkNs + random.NextInt64(chunkNs)).Order().ToArray();
            if (count > 2) (times[0], times[^1]) = (chunk * chunkNs, (chunk + 1) * chunkNs - 1);
            _chunks[chunk] = (times, Enumerable.Range(0, count).Select(_ => random.Next(units)).ToArray());
        }
    }

    public long ChunkNs { get; }

    public int Chunks => _chunks.Length;

    public IEnumerable<long> Times => _chunks.SelectMany(chunk => chunk.Times);

    public IEnumerable<int> Units => _chunks.SelectMany(chunk => chunk.Units);

    public SpikeWindow Window(int chunk) => new(chunk * ChunkNs, (chunk + 1) * ChunkNs, _chunks[chunk].Times, _chunks[chunk].Units);

    public int Count(int chunk) => _chunks[chunk].Times.Length;
}
