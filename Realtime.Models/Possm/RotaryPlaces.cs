using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Possm;

/// <summary>Cosines and sines of a fixed list of times, for tokens that lie at those times. Immutable; any thread.</summary>
internal sealed class RotaryPlaces
{
    private readonly float[] _cos;
    private readonly float[] _sin;

    /// <param name="omega">The model's buffer, rad/s.</param>
    /// <param name="places">Number of times.</param>
    /// <param name="seconds">Time of a place.</param>
    /// <param name="kernels">Arithmetic.</param>
    public RotaryPlaces(ReadOnlySpan<float> omega, int places, Func<int, double> seconds, KernelSet kernels)
    {
        Pairs = new RotaryTime(omega).Pairs;
        _cos = new float[RotaryTokens.Length(places, Pairs)];
        _sin = new float[RotaryTokens.Length(places, Pairs)];
        var turns = new double[places * Pairs];
        for (var i = 0; i < turns.Length; i++) turns[i] = omega[i % Pairs] / (2 * Math.PI) * seconds(i / Pairs);
        kernels.CosSinTurns(turns, _cos.AsSpan(0, turns.Length), _sin.AsSpan(0, turns.Length));
    }

    public int Pairs { get; }

    /// <summary>Tokens at the first places.</summary>
    public RotaryTokens Tokens(ReadOnlySpan<int> rows) => new(rows, _cos, _sin, Pairs);
}
