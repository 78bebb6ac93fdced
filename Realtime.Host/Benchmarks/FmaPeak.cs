using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Host.Benchmarks;

/// <summary>
/// The most float32 arithmetic that the processor does: independent multiply-adds on registers only, enough of them that none waits for
/// another. What a model reaches is given as a share of it.
/// </summary>
public static class FmaPeak
{
    private const int Accumulators512 = 24;
    private const int Accumulators256 = 12;

    // A few milliseconds per round: long beside the start of a thread, short beside the spells in which a shared machine is slower.
    private const int Repeats = 400_000;
    private const int Rounds = 25;

    /// <summary>The best of some rounds, 10^9 operations per second; a multiply-add is two.</summary>
    /// <param name="threads">Threads that compute at the same time.</param>
    public static double MeasureGflops(int threads)
    {
        var best = 0.0;
        for (var round = 0; round < Rounds; round++) best = Math.Max(best, Round(threads));
        return best;
    }

    private static double Round(int threads)
    {
        using var start = new Barrier(threads);
        var times = new (long Begin, long End)[threads];
        var others = Enumerable.Range(1, threads - 1).Select(index => new Thread(() => Work(index)) { IsBackground = true }).ToArray();
        foreach (var other in others) other.Start();
        Work(0);
        foreach (var other in others) other.Join();
        var seconds = Stopwatch.GetElapsedTime(times.Min(time => time.Begin), times.Max(time => time.End)).TotalSeconds;
        return 2e-9 * MultiplyAdds * threads / seconds;

        void Work(int index)
        {
            start.SignalAndWait();
            var begin = Stopwatch.GetTimestamp();
            Run();
            times[index] = (begin, Stopwatch.GetTimestamp());
        }
    }

    private static double MultiplyAdds => (double)Repeats * (
        Avx512F.IsSupported ? Accumulators512 * Vector512<float>.Count :
        Fma.IsSupported ? Accumulators256 * Vector256<float>.Count : Accumulators256 * Vector128<float>.Count);

    private static float Run() => Avx512F.IsSupported ? Run512() : Fma.IsSupported ? Run256() : Run128();

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Run512()
    {
        var (a, b) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        Vector512<float> s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b, s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b;
        Vector512<float> s12 = b, s13 = b, s14 = b, s15 = b, s16 = b, s17 = b, s18 = b, s19 = b, s20 = b, s21 = b, s22 = b, s23 = b;
        for (var i = 0; i < Repeats; i++)
        {
            s0 = Avx512F.FusedMultiplyAdd(s0, a, b);
            s1 = Avx512F.FusedMultiplyAdd(s1, a, b);
            s2 = Avx512F.FusedMultiplyAdd(s2, a, b);
            s3 = Avx512F.FusedMultiplyAdd(s3, a, b);
            s4 = Avx512F.FusedMultiplyAdd(s4, a, b);
            s5 = Avx512F.FusedMultiplyAdd(s5, a, b);
            s6 = Avx512F.FusedMultiplyAdd(s6, a, b);
            s7 = Avx512F.FusedMultiplyAdd(s7, a, b);
            s8 = Avx512F.FusedMultiplyAdd(s8, a, b);
            s9 = Avx512F.FusedMultiplyAdd(s9, a, b);
            s10 = Avx512F.FusedMultiplyAdd(s10, a, b);
            s11 = Avx512F.FusedMultiplyAdd(s11, a, b);
            s12 = Avx512F.FusedMultiplyAdd(s12, a, b);
            s13 = Avx512F.FusedMultiplyAdd(s13, a, b);
            s14 = Avx512F.FusedMultiplyAdd(s14, a, b);
            s15 = Avx512F.FusedMultiplyAdd(s15, a, b);
            s16 = Avx512F.FusedMultiplyAdd(s16, a, b);
            s17 = Avx512F.FusedMultiplyAdd(s17, a, b);
            s18 = Avx512F.FusedMultiplyAdd(s18, a, b);
            s19 = Avx512F.FusedMultiplyAdd(s19, a, b);
            s20 = Avx512F.FusedMultiplyAdd(s20, a, b);
            s21 = Avx512F.FusedMultiplyAdd(s21, a, b);
            s22 = Avx512F.FusedMultiplyAdd(s22, a, b);
            s23 = Avx512F.FusedMultiplyAdd(s23, a, b);
        }

        return Vector512.Sum((((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) + (((s8 + s9) + (s10 + s11)) + ((s12 + s13) + (s14 + s15)))
            + (((s16 + s17) + (s18 + s19)) + ((s20 + s21) + (s22 + s23))));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Run256()
    {
        var (a, b) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        Vector256<float> s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b, s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b;
        for (var i = 0; i < Repeats; i++)
        {
            s0 = Fma.MultiplyAdd(s0, a, b);
            s1 = Fma.MultiplyAdd(s1, a, b);
            s2 = Fma.MultiplyAdd(s2, a, b);
            s3 = Fma.MultiplyAdd(s3, a, b);
            s4 = Fma.MultiplyAdd(s4, a, b);
            s5 = Fma.MultiplyAdd(s5, a, b);
            s6 = Fma.MultiplyAdd(s6, a, b);
            s7 = Fma.MultiplyAdd(s7, a, b);
            s8 = Fma.MultiplyAdd(s8, a, b);
            s9 = Fma.MultiplyAdd(s9, a, b);
            s10 = Fma.MultiplyAdd(s10, a, b);
            s11 = Fma.MultiplyAdd(s11, a, b);
        }

        return Vector256.Sum((((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) + ((s8 + s9) + (s10 + s11)));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Run128()
    {
        var (a, b) = (Vector128.Create(0.999f), Vector128.Create(0.001f));
        Vector128<float> s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b, s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b;
        for (var i = 0; i < Repeats; i++)
        {
            s0 = Vector128.MultiplyAddEstimate(s0, a, b);
            s1 = Vector128.MultiplyAddEstimate(s1, a, b);
            s2 = Vector128.MultiplyAddEstimate(s2, a, b);
            s3 = Vector128.MultiplyAddEstimate(s3, a, b);
            s4 = Vector128.MultiplyAddEstimate(s4, a, b);
            s5 = Vector128.MultiplyAddEstimate(s5, a, b);
            s6 = Vector128.MultiplyAddEstimate(s6, a, b);
            s7 = Vector128.MultiplyAddEstimate(s7, a, b);
            s8 = Vector128.MultiplyAddEstimate(s8, a, b);
            s9 = Vector128.MultiplyAddEstimate(s9, a, b);
            s10 = Vector128.MultiplyAddEstimate(s10, a, b);
            s11 = Vector128.MultiplyAddEstimate(s11, a, b);
        }

        return Vector128.Sum((((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) + ((s8 + s9) + (s10 + s11)));
    }
}
