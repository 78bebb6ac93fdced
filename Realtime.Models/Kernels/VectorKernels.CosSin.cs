namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override void CosSinTurns(ReadOnlySpan<double> turns, Span<float> cos, Span<float> sin)
    {
        Need(cos.Length >= turns.Length && sin.Length >= turns.Length, "An output is shorter than the angles.");
        fixed (double* pTurns = turns)
        fixed (float* pCos = cos, pSin = sin) CosSin.Turns(pTurns, turns.Length, pCos, pSin);
    }
}
