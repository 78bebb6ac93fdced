using System.Numerics;

namespace Realtime.Engine.Numerics;

/// <summary>
/// Random numbers that are the same on every platform and in every version of .NET: xoshiro256**, its state filled by SplitMix64 (both by
/// Blackman and Vigna, prng.di.unimi.it, public domain). One thread.
/// </summary>
public sealed class PortableRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <param name="seed">Seed of all sequences.</param>
    /// <param name="purpose">Which of the seed's independent sequences: so one part of a simulation never shifts the draws of another.</param>
    public PortableRandom(ulong seed, ulong purpose)
    {
        var state = seed;
        state = SplitMix(ref state) ^ (purpose * 0xD1342543DE82EF95);
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>Starts from a state that is not all zeros, as the authors' own reference code does.</summary>
    public PortableRandom(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Even in [0, 1), 53 bits.</summary>
    public double Uniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double from, double to) => from + (to - from) * Uniform();

    /// <summary>Even in 0..count-1; the bias of the multiplication is below count / 2^53.</summary>
    public int Below(int count) => (int)(Uniform() * count);

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -PortableMath.Log(1 - Uniform());

    /// <summary>Standard normal, by Marsaglia's polar method; the second of each pair is not kept, so that no state hides.</summary>
    public double Normal()
    {
        while (true)
        {
            var u = Uniform(-1, 1);
            var v = Uniform(-1, 1);
            var square = u * u + v * v;
            if (square is < 1 and > 0) return u * Math.Sqrt(-2 * PortableMath.Log(square) / square);
        }
    }

    /// <summary>Log-normal of that median, with that standard deviation of its natural log.</summary>
    public double LogNormal(double median, double sigma) => median * PortableMath.Exp(sigma * Normal());

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
